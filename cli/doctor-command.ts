import { Command } from 'commander';
import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import { diagnose, type Finding } from './diagnose.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type FeedOptions, jsonOption, stateOption } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openHolds } from './find-hold.ts';
import { type Feed, openFeed, withFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { renderTable } from './render-table.ts';

/** `ucf doctor`: what is wrong, and what to do about it. */
export function doctorCommand(output: Output): Command {
  return new Command('doctor')
    .description('say what is wrong with any connection, and what to do about it')
    .addOption(stateOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ ucf doctor --state .state\n\nExit codes: 0 all is well, 1 something is wrong, 2 wrong usage or configuration.',
    )
    .action(async (options: FeedOptions & { json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => examine(feed, options, output));
    });
}

async function examine(feed: Feed, { json }: { readonly json: boolean }, output: Output): Promise<ExitCode> {
  const ids = await feed.connections();
  const findings: (Finding & { connectionId: ConnectionId })[] = [];
  for (const connectionId of ids)
    for (const finding of await examineOne(feed, connectionId)) findings.push({ connectionId, ...finding });
  const rows = findings.map(({ connectionId, message, remedy }) => ({
    connection: connectionId,
    'what is wrong': message,
    'what to do': remedy,
  }));
  if (json) output.result(JSON.stringify({ connections: ids.length, findings }));
  else if (findings.length > 0) for (const line of renderTable(rows)) output.result(line);
  else output.result(`all is well with ${ids.length === 1 ? 'the connection' : `all ${ids.length} connections`}`);
  return findings.length === 0 ? exitCodes.done : exitCodes.failedOrHeld;
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
