import { Command } from 'commander';
import { isFeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { explainVerdict } from '../src/sweep/restore-guard.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import { diagnose, type Finding } from './diagnose.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import { byOption, type FeedOptions, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openHolds } from './find-hold.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { type RecoverOptions, recoverFeed } from './recover.ts';
import { renderTable } from './render-table.ts';

/** `ucf doctor`: what is wrong, and what to do about it. */
export function doctorCommand(output: Output): Command {
  return new Command('doctor')
    .description('say what is wrong with any connection, and what to do about it')
    .addOption(stateOption())
    .addOption(stackOption())
    .option(
      '--recover',
      'after the table was restored from a backup: give the feed a new epoch, so that sweeps go on',
      false,
    )
    .option('--force', 'with --recover: also where nothing shows that anything was restored', false)
    .addOption(yesOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf doctor --state .state\n  $ ucf doctor --recover --state .state\n\nExit codes: 0 all is well, or recovered; 1 something is wrong, 2 wrong usage or configuration.',
    )
    .action(async (options: DoctorOptions) => {
      process.exitCode = await withFeed(openFeed(options), (feed) =>
        options.recover ? recoverFeed(feed, options, output) : examine(feed, options, output),
      );
    });
}

type DoctorOptions = FeedOptions & RecoverOptions & { readonly recover: boolean };
/** Of one connection, or of the whole feed. */
type Found = Omit<Finding, 'kind'> & { readonly connectionId?: ConnectionId; readonly kind: string };

async function examine(feed: Feed, { json }: { readonly json: boolean }, output: Output): Promise<ExitCode> {
  const ids = await feed.connections();
  const findings: Found[] = [...(await examineMark(feed))];
  for (const connectionId of ids)
    for (const finding of await examineOne(feed, connectionId)) findings.push({ connectionId, ...finding });
  const rows = findings.map(({ connectionId, message, remedy }) => ({
    connection: connectionId ?? '(all)',
    'what is wrong': message,
    'what to do': remedy,
  }));
  if (json) output.result(JSON.stringify({ connections: ids.length, findings }));
  else if (findings.length > 0) for (const line of renderTable(rows)) output.result(line);
  else output.result(`all is well with ${ids.length === 1 ? 'the connection' : `all ${ids.length} connections`}`);
  return findings.length === 0 ? exitCodes.done : exitCodes.failedOrHeld;
}

/** Whether sweeps have stopped because the table is not the one that the feed knows. */
async function examineMark({ mark }: Feed): Promise<readonly Found[]> {
  const remedy = 'read what a new epoch means in docs/operating.md, then: ucf doctor --recover';
  try {
    const verdict = await mark.read();
    const message = explainVerdict(verdict, { place: 'the mark outside the table' });
    return message === undefined ? [] : [{ kind: verdict.kind, message, remedy }];
  } catch (error) {
    if (!isFeedError(error, 'config.invalid')) throw error;
    return [{ kind: 'mark_unreadable', message: error.message, remedy }];
  }
}

async function examineOne(feed: Feed, id: ConnectionId): Promise<readonly Finding[]> {
  const { store } = feed;
  const connection = await findConnection(feed, id);
  const state = await store.readState(id);
  if (state === undefined) return [];
  const lastReport = await readLastFull(feed, id);
  return diagnose({
    connection,
    state,
    holds: await openHolds(feed, id),
    published: await store.readPublished(id),
    ...(lastReport && { lastReport }),
    nowMs: feed.nowMs(),
  });
}

async function readLastFull({ store }: Feed, id: ConnectionId): Promise<SweepReport | undefined> {
  for await (const report of store.listReports(id)) if (report.mode === 'full') return report;
  return undefined;
}
