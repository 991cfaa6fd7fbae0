import { createDigester, toHex } from '../src/diff/digest.ts';
import type { Connection } from '../src/model/connection.ts';
import { userId as toUserId, type UserId } from '../src/model/ids.ts';
import type { OperatorRequest } from '../src/model/operator-request.ts';
import type { Presence } from '../src/model/snapshot-entry.ts';
import { confirm } from './confirm.ts';
import { eventLine } from './event-line.ts';
import { executeNow } from './execute-now.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { newRequest } from './new-request.ts';
import { openFeed, openRunningFeed } from './open-feed.ts';
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
  const asked = { userId: toUserId(user), by: operatorName(options.by) };
  const presence = await withFeed(openFeed(options), async (feed) =>
    findPresence(feed, await findConnection(feed, id), asked.userId),
  );
  if (presence === undefined)
    output.note(`${id} has no entry of user ${user}; what its log, holds and checkpoints have is erased all the same`);
  if (!(await confirm(`Erase user ${user} of ${id} for good?`, options))) {
    output.note('nothing was erased');
    return exitCodes.failedOrHeld;
  }
  return options.now ? purgeNow(id, asked, options, output) : leaveRequest(id, asked, options, output);
}

type Asked = { readonly userId: UserId; readonly by: string };

async function leaveRequest(id: string, asked: Asked, options: PurgeOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    const request = requestOf(connection, asked, feed.nowMs());
    await feed.store.writeRequest(request);
    if (options.json) output.result(JSON.stringify({ request, isErased: false }));
    else tell(`The next tick of ${id} erases user ${asked.userId}.`, output);
    return exitCodes.done;
  });
}

async function purgeNow(id: string, asked: Asked, options: PurgeOptions, output: Output): Promise<ExitCode> {
  const listener = {
    onEvent: async (event: Parameters<typeof eventLine>[0]) => output.note(eventLine(event)),
    onFault: (where: string, error: unknown) => output.note(`${where}: ${explainError(error)}`),
  };
  return withFeed(openRunningFeed(options, listener), async (feed) => {
    const connection = await feed.reach.locate(await findConnection(feed, id));
    await feed.save(connection);
    const request = requestOf(connection, asked, feed.nowMs());
    const isErased = await executeNow(feed, request);
    if (options.json) output.result(JSON.stringify({ request, isErased }));
    else if (isErased) tell(`User ${asked.userId} of ${id} is erased.`, output);
    if (!isErased) output.note(`${id}: the request waits; the next tick erases the user`);
    return isErased ? exitCodes.done : exitCodes.failedOrHeld;
  });
}

function requestOf({ id }: Connection, { userId, by }: Asked, nowMs: number): OperatorRequest {
  return newRequest(id, { by, nowMs }, { act: 'purge_user', userId });
}

function tell(what: string, output: Output): void {
  output.result(what);
  output.result('Id, revision and status stay, so that nothing is published about it.');
  output.result('Whoever is still listed by the vendor will be known again with the next change there.');
}

async function findPresence({ store }: Feed, { id }: Connection, userId: UserId): Promise<Presence | undefined> {
  const state = await store.readState(id);
  if (state === undefined) return undefined;
  const keyHash = toHex(createDigester(state.digestKey).keyHash(userId));
  return (await store.readEntriesByKeyHash(id, keyHash)).find((entry) => entry.userId === userId)?.presence;
}
