import { confirm } from './confirm.ts';
import { eventLine } from './event-line.ts';
import { executeNow } from './execute-now.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { findLosses, type Losses } from './find-losses.ts';
import { newRequest } from './new-request.ts';
import { openFeed, openRunningFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { showCount } from './show-count.ts';

export type RebuildOptions = FeedOptions & {
  readonly by?: string;
  readonly dryRun: boolean;
  readonly now: boolean;
  readonly yes: boolean;
  readonly json: boolean;
};

/** Says what a connection has lost, and has it made again as far as that is possible: with the next tick, or at once. */
export async function runRebuild(id: string, options: RebuildOptions, output: Output): Promise<ExitCode> {
  const by = operatorName(options.by);
  const losses = await withFeed(openFeed(options), async (feed) =>
    findLosses(feed.store, (await findConnection(feed, id)).id),
  );
  const isWhole = losses === undefined || losses.entriesLost + losses.pairsLost === 0;
  if (isWhole || options.dryRun) {
    tellLosses(id, losses, options, output);
    return isWhole ? exitCodes.done : exitCodes.failedOrHeld;
  }
  for (const line of describe(losses)) output.note(line);
  if (!(await confirm(`Rebuild what is known of the users of ${id}?`, options))) {
    output.note('nothing was changed');
    return exitCodes.failedOrHeld;
  }
  return options.now ? rebuildNow(id, by, options, output) : leaveRequest(id, by, options, output);
}

function tellLosses(id: string, losses: Losses | undefined, { json }: RebuildOptions, output: Output): void {
  if (json) output.result(JSON.stringify({ losses: losses ?? null }));
  else if (losses === undefined || losses.entriesLost + losses.pairsLost === 0)
    output.result(`${id} has lost nothing: entries and index are as many as its state counts`);
  else for (const line of describe(losses)) output.result(line);
}

function describe({ known, entriesLost, entriesInLog, pairsLost }: Losses): readonly string[] {
  const forGood = entriesLost - entriesInLog;
  const ofEntries = `entries are lost of ${showCount(entriesLost)} of ${showCount(known)} users: ${showCount(entriesInLog)} are in the log, ${showCount(forGood)} are lost for good`;
  const ofIndex = `the index lacks ${showCount(pairsLost)} users; every sweep makes it again from the entries`;
  return [...(entriesLost > 0 ? [ofEntries] : []), ...(pairsLost > 0 ? [ofIndex] : [])];
}

async function leaveRequest(id: string, by: string, options: RebuildOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const request = await requestFor(feed, id, by);
    await feed.store.writeRequest(request);
    if (options.json) output.result(JSON.stringify({ request, isRebuilt: false }));
    else output.result(`The next tick of ${id} rebuilds what it knows of its users.`);
    return exitCodes.done;
  });
}

async function rebuildNow(id: string, by: string, options: RebuildOptions, output: Output): Promise<ExitCode> {
  const listener = {
    onEvent: async (event: Parameters<typeof eventLine>[0]) => output.note(eventLine(event)),
    onFault: (where: string, error: unknown) => output.note(`${where}: ${explainError(error)}`),
  };
  return withFeed(openRunningFeed(options, listener), async (feed) => {
    await feed.save(await feed.reach.locate(await findConnection(feed, id)));
    const request = await requestFor(feed, id, by);
    const isRebuilt = await executeNow(feed, request);
    if (options.json) output.result(JSON.stringify({ request, isRebuilt }));
    else if (isRebuilt) output.result(`What ${id} knows of its users is rebuilt.`);
    if (!isRebuilt) output.note(`${id}: the request waits; the next tick does it`);
    return isRebuilt ? exitCodes.done : exitCodes.failedOrHeld;
  });
}

async function requestFor(feed: Feed, id: string, by: string) {
  const connection = await findConnection(feed, id);
  return newRequest(connection.id, { by, nowMs: feed.nowMs() }, { act: 'rebuild_snapshot' });
}
