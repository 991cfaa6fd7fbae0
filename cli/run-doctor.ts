import pMap from 'p-map';
import { isFeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { explainVerdict } from '../src/sweep/restore-guard.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import { diagnose, type Finding } from './diagnose.ts';
import { examineClocks } from './examine-clocks.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openHolds } from './find-hold.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { printTable } from './print-table.ts';
import { type RecoverOptions, recoverFeed } from './recover.ts';
import { createProgress } from './show-progress.ts';

export type DoctorOptions = FeedOptions & RecoverOptions & { readonly recover: boolean };

/** Of one connection, or of the whole feed. */
type Found = Omit<Finding, 'kind'> & { readonly connectionId?: ConnectionId; readonly kind: string };
type Examined = { readonly connections: number; readonly paused: readonly ConnectionId[]; readonly findings: Found[] };

/** Connections at a time. */
const concurrency = 8;

/** Says what is wrong with a feed, or gives it a new epoch. */
export function runDoctor(options: DoctorOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    if (options.recover) return recoverFeed(feed, options, output);
    const { untried = [], findings: ofStack = [], isBlind = false } = (await feed.examine?.()) ?? {};
    // Who may not look at the table would be told the same of every connection.
    const rest = isBlind ? { connections: 0, paused: [], findings: [] } : await examineFeed(feed, output);
    const examined = { ...rest, findings: [...ofStack, ...rest.findings] };
    if (options.json) output.result(JSON.stringify({ ...examined, untried }));
    else tell({ ...examined, isBlind }, untried, output);
    return examined.findings.length === 0 ? exitCodes.done : exitCodes.failedOrHeld;
  });
}

function tell(
  { connections, paused, findings, isBlind }: Examined & { readonly isBlind: boolean },
  untried: readonly string[],
  output: Output,
): void {
  const rows = findings.map(({ connectionId, message, remedy }) => ({
    connection: connectionId ?? '(all)',
    'what is wrong': message,
    'what to do': remedy,
  }));
  if (rows.length > 0) printTable(rows, output);
  else output.result(`all is well with ${connections === 1 ? 'the connection' : `all ${connections} connections`}`);
  if (paused.length > 0) output.note(`paused, and so not looked at for staleness: ${paused.join(', ')}`);
  if (isBlind) output.note('connections were not looked at: that needs the calls named above');
  if (untried.length > 0) output.note(`not tried, because that would change something: ${untried.join('; ')}`);
}

async function examineFeed(feed: Feed, output: Output): Promise<Examined> {
  const ids = await feed.connections();
  const progress = createProgress(output, feed.nowMs);
  let looked = 0;
  const each = await pMap(
    ids,
    async (id) => {
      const examined = await examineOne(feed, id).catch((error: unknown) => unreadable(id, error));
      looked += 1;
      progress.tell(`${looked} of ${ids.length} connections looked at`);
      return { id, ...examined };
    },
    { concurrency },
  );
  progress.end();
  return {
    connections: ids.length,
    paused: each.flatMap(({ id, isPaused }) => (isPaused ? [id] : [])),
    findings: [
      ...(await examineMark(feed)),
      ...(await examineClocks(feed)),
      ...each.flatMap(({ id, findings }) => findings.map((finding) => ({ connectionId: id, ...finding }))),
    ],
  };
}

/** Whether sweeps have stopped because the table is not the one that the feed knows. */
async function examineMark({ mark }: Feed): Promise<readonly Found[]> {
  const remedy = 'read what a new epoch means in docs/operating.md, then: ucf doctor --recover';
  try {
    const verdict = await mark.read();
    const message = explainVerdict(verdict, { place: 'the mark outside the table' });
    return message === undefined ? [] : [{ kind: verdict.kind, message, remedy }];
  } catch (error) {
    if (isFeedError(error, 'config.invalid')) return [{ kind: 'mark_unreadable', message: error.message, remedy }];
    if (!isFeedError(error, 'store.unavailable')) throw error;
    const unknown = 'until it answers, nobody knows whether the table was restored: may your credentials read it?';
    return [{ kind: 'mark_unanswered', message: error.message, remedy: unknown }];
  }
}

type Looked = { readonly isPaused: boolean; readonly findings: readonly Omit<Found, 'connectionId'>[] };

async function examineOne(feed: Feed, id: ConnectionId): Promise<Looked> {
  const { store } = feed;
  const connection = await findConnection(feed, id);
  const isPaused = connection.paused === true;
  const state = await store.readState(id);
  if (state === undefined) return { isPaused, findings: [] };
  const lastReport = await readLastFull(feed, id);
  const findings = diagnose({
    connection,
    state,
    holds: await openHolds(feed, id),
    published: await store.readPublished(id),
    ...(lastReport && { lastReport }),
    nowMs: feed.nowMs(),
  });
  return { isPaused, findings };
}

/** What one connection has must not keep anybody from looking at the others. */
function unreadable(id: ConnectionId, error: unknown): Looked {
  if (!isFeedError(error)) throw error;
  const remedy = `apply the connection anew, or deploy the version that wrote it; ucf connections show ${id} says the same`;
  return { isPaused: false, findings: [{ kind: 'unreadable', message: explainError(error), remedy }] };
}

async function readLastFull({ store }: Feed, id: ConnectionId): Promise<SweepReport | undefined> {
  for await (const report of store.listReports(id)) if (report.mode === 'full') return report;
  return undefined;
}
