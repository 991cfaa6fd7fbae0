import { askOfConnection } from './ask-of-connection.ts';
import { confirm } from './confirm.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { findLosses, type Losses } from './find-losses.ts';
import { openFeed } from './open-feed.ts';
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
  const ask = {
    act: { act: 'rebuild_snapshot' },
    by,
    doneName: 'isRebuilt',
    left: [`The next tick of ${id} rebuilds what it knows of its users.`],
    done: [`What ${id} knows of its users is rebuilt.`],
    waits: 'the request waits; the next tick does it',
  } as const;
  return askOfConnection(id, ask, options, output);
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
