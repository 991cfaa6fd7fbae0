import { createDigester, toHex } from '../src/diff/digest.ts';
import type { Connection } from '../src/model/connection.ts';
import { userId as toUserId, type UserId } from '../src/model/ids.ts';
import type { Presence } from '../src/model/snapshot-entry.ts';
import { askOfConnection } from './ask-of-connection.ts';
import { confirm } from './confirm.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { usageFault } from './usage-fault.ts';

export type PurgeOptions = FeedOptions & {
  readonly by?: string;
  readonly now: boolean;
  readonly yes: boolean;
  readonly json: boolean;
};

/** Erases a person: with the next tick, or at once. */
export async function requestPurge(
  [id, user]: readonly [connection: string, user: string],
  options: PurgeOptions,
  output: Output,
): Promise<ExitCode> {
  if (user === '') throw usageFault('user', 'is empty; give the id that the vendor has for the user');
  const [userId, by] = [toUserId(user), operatorName(options.by)];
  const presence = await withFeed(openFeed(options), async (feed) =>
    findPresence(feed, await findConnection(feed, id), userId),
  );
  if (presence === undefined)
    output.note(`${id} has no entry of user ${user}; what its log, holds and checkpoints have is erased all the same`);
  if (!(await confirm(`Erase user ${user} of ${id} for good?`, options))) {
    output.note('nothing was erased');
    return exitCodes.failedOrHeld;
  }
  const ask = {
    act: { act: 'purge_user', userId },
    by,
    doneName: 'isErased',
    left: [`The next tick of ${id} erases user ${user}.`, ...afterPurge],
    done: [`User ${user} of ${id} is erased.`, ...afterPurge],
    waits: 'the request waits; the next tick erases the user',
  } as const;
  return askOfConnection(id, ask, options, output);
}

const afterPurge = [
  'Id, revision and status stay, so that nothing is published about it.',
  'Whoever is still listed by the vendor will be known again with the next change there.',
];

async function findPresence({ store }: Feed, { id }: Connection, userId: UserId): Promise<Presence | undefined> {
  const state = await store.readState(id);
  if (state === undefined) return undefined;
  const keyHash = toHex(createDigester(state.digestKey).keyHash(userId));
  return (await store.readEntriesByKeyHash(id, keyHash)).find((entry) => entry.userId === userId)?.presence;
}
