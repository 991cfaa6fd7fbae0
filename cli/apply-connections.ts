import pMap from 'p-map';
import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { confirm } from './confirm.ts';
import { trialLine } from './describe-trial.ts';
import { executeNow } from './execute-now.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, type RunningFeed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { hearEvents } from './hear-events.ts';
import { newRequest } from './new-request.ts';
import { openFeed, openRunningFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { type ConnectionPlan, planConnections } from './plan-connections.ts';
import { readConnections, refuseLoopback } from './read-connections.ts';
import { readSaved } from './read-saved.ts';
import { createProgress, type Progress } from './show-progress.ts';
import { type Trial, tryConnection } from './try-connection.ts';

export type ApplyOptions = FeedOptions & {
  readonly prune: boolean;
  /** False with `--no-test`. */
  readonly test: boolean;
  readonly by?: string;
  readonly yes: boolean;
  readonly json: boolean;
};

/** Reads and trials at a time. */
const concurrency = 8;

/** Makes a feed have the connections of a file: shows the plan, tries what is new or changed, and then saves. */
export async function applyConnections(path: string, options: ApplyOptions, output: Output): Promise<ExitCode> {
  const by = operatorName(options.by);
  const wanted = await readConnections(path, options);
  const progress = createProgress(output, Date.now);
  const told = options.json ? { ...output, result: () => undefined } : output;
  const { plan, trials } = await withFeed(openFeed(options, { mayBegin: true }), async (feed) => {
    refuseLoopback(feed, wanted);
    const made = planConnections(wanted, await readPresent(feed, wanted));
    tellPlan(made, options, told);
    return { plan: made, trials: options.test ? await tryAll(feed, toSave(made), progress) : [] };
  });
  const removed = options.prune ? plan.extra : [];
  const finish = (exitCode: ExitCode, isApplied: boolean): ExitCode => {
    if (options.json) output.result(JSON.stringify({ plan: planJson(plan, removed), trials, isApplied }));
    return exitCode;
  };
  for (const trial of trials) tellTrial(trial, told, output);
  const failed = trials.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) {
    output.note(`nothing was saved: ${failed.length} of ${trials.length} tested connections failed`);
    return finish(worstCode(failed), false);
  }
  if (toSave(plan).length + removed.length === 0) {
    told.result('nothing to do');
    return finish(exitCodes.done, true);
  }
  if (removed.length > 0 && !(await confirm(`Save this and remove ${removed.join(', ')}?`, options))) {
    output.note('nothing was saved');
    return finish(exitCodes.failedOrHeld, false);
  }
  const waiting = await withFeed(openRunningFeed(options, hearEvents({ json: false }, told)), async (feed) => {
    await saveAll(feed, toSave(plan), progress);
    return removeAll(feed, removed, by, output);
  });
  const gone = options.prune ? `, ${removed.length - waiting.length} removed` : '';
  if (plan.added.length > 0 && options.state !== undefined) output.note(explainPolling(path, options.state));
  told.result(`saved: ${plan.added.length} new, ${plan.changed.length} changed${gone}`);
  const isDone = waiting.length === 0;
  return finish(isDone ? exitCodes.done : exitCodes.failedOrHeld, isDone);
}

/** Several at a time: a feed of thousands is saved in seconds. */
async function saveAll(feed: RunningFeed, connections: readonly Connection[], progress: Progress): Promise<void> {
  let saved = 0;
  await pMap(
    connections,
    async (connection) => {
      await feed.save(connection);
      saved += 1;
      progress.tell(`${saved} of ${connections.length} connections saved`);
    },
    { concurrency },
  );
  progress.end();
}

function toSave({ added, changed }: ConnectionPlan): readonly Connection[] {
  return [...added, ...changed.map(({ connection }) => connection)];
}

/** Those of the file are read by their ids: a list of connections may not know yet what was saved a moment ago. */
async function readPresent(feed: Feed, wanted: readonly Connection[]): Promise<readonly Connection[]> {
  const ids = new Set<ConnectionId>([...(await feed.connections()), ...wanted.map(({ id }) => id)]);
  const read = await pMap(ids, (id) => readSaved(feed.store, id), { concurrency });
  return read.filter((connection) => connection !== undefined);
}

async function tryAll(feed: Feed, connections: readonly Connection[], progress: Progress): Promise<readonly Trial[]> {
  const trying = { ...feed, resolveCredentials: feed.reach.resolveCredentials };
  let tested = 0;
  const tryOne = async (one: Connection) => {
    const trial = await tryConnection(await feed.reach.locate(one), trying);
    tested += 1;
    progress.tell(`${tested} of ${connections.length} connections tested`);
    return trial;
  };
  const trials = await pMap(connections, tryOne, { concurrency });
  progress.end();
  return trials;
}

function tellPlan({ added, changed, unchanged, extra }: ConnectionPlan, { prune }: ApplyOptions, output: Output) {
  for (const { id, vendor, baseUrl } of added) output.result(`+ ${id} (${vendor} at ${baseUrl})`);
  for (const { connection, keys } of changed) output.result(`~ ${connection.id}: ${keys.join(', ')}`);
  if (prune) for (const id of extra) output.result(`- ${id}`);
  if (unchanged.length > 0) output.result(`= ${unchanged.length} unchanged`);
  if (!prune && extra.length > 0) output.note(`not in the file, and left alone without --prune: ${extra.join(', ')}`);
}

function tellTrial(trial: Trial, told: Output, output: Output): void {
  if (trial.outcome === 'passed') told.result(`  ${trialLine(trial)}`);
  else output.note(trialLine(trial));
}

/** What the configuration lacks is for whoever wrote it; what the vendor says may be over tomorrow. */
function worstCode(failed: readonly Trial[]): ExitCode {
  const isConfig = failed.some((trial) => trial.outcome === 'failed' && trial.fault.code === 'config.invalid');
  return isConfig ? exitCodes.wrongUsageOrConfiguration : exitCodes.failedOrHeld;
}

/** A stack sweeps by itself; a state folder is swept by whoever opens it. */
function explainPolling(path: string, state: string): string {
  return `nothing polls a state folder by itself: ucf dev --config ${path} --state ${state} does, and ucf sweep sweeps once`;
}

/** Answers those that are not removed yet. */
async function removeAll(
  feed: RunningFeed,
  ids: readonly ConnectionId[],
  by: string,
  output: Output,
): Promise<readonly ConnectionId[]> {
  const waiting: ConnectionId[] = [];
  for (const id of ids) {
    if (await executeNow(feed, newRequest(id, { by, nowMs: feed.nowMs() }, { act: 'remove_connection' }))) continue;
    output.note(`${id}: the request waits; the next tick removes the connection`);
    waiting.push(id);
  }
  return waiting;
}

function planJson({ added, changed, unchanged, extra }: ConnectionPlan, removed: readonly ConnectionId[]) {
  return {
    added: added.map(({ id }) => id),
    changed: changed.map(({ connection, keys }) => ({ id: connection.id, keys })),
    unchanged,
    removed,
    leftAlone: extra.filter((id) => !removed.includes(id)),
  };
}
