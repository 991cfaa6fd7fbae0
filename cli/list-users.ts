import type { Status } from '../src/model/canonical-user.ts';
import { type Snapshot, type SnapshotUser, snapshotAt } from '../src/publish/snapshot-at.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { plainText } from './plain-text.ts';

export type ListUsersOptions = FeedOptions & {
  readonly withSequence: boolean;
  readonly status: readonly Status[];
  readonly json: boolean;
};

const idWidth = 12;
const statusWidth = 10;

/** Prints every present user, one a line as they are read: a list may be longer than memory. */
export async function listUsers(id: string, options: ListUsersOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    const snapshot = await snapshotAt(feed, connection.id);
    if (snapshot === undefined) {
      output.note(`${id} has no complete baseline yet: who is there is not known before (ucf sweeps list ${id})`);
      return exitCodes.failedOrHeld;
    }
    await printSnapshot(snapshot, options, output);
    return exitCodes.done;
  });
}

async function printSnapshot(
  snapshot: Snapshot,
  { json, withSequence, status }: ListUsersOptions,
  output: Output,
): Promise<void> {
  if (withSequence) output.result(positionLine(snapshot, json));
  for await (const one of snapshot.users)
    if (status.length === 0 || status.includes(one.user.status))
      output.result(json ? JSON.stringify(one) : userLine(one));
}

function positionLine({ position }: Snapshot, json: boolean): string {
  return json ? JSON.stringify({ position }) : `position: epoch ${position.epoch}, sequence ${position.sequence}`;
}

function userLine({ userId, revision, user }: SnapshotUser): string {
  const name = user.displayName ?? user.userName ?? '';
  return plainText(
    `${userId.padEnd(idWidth)} ${user.status.padEnd(statusWidth)} revision ${revision} ${name}`,
  ).trimEnd();
}
