import { createDigester, toHex } from '../src/diff/digest.ts';
import type { ConnectionId, UserId } from '../src/model/ids.ts';
import type { SnapshotEntry } from '../src/model/snapshot-entry.ts';
import type { Feed } from './feed.ts';

/** What is known of one user, with one read; undefined for somebody who was never seen. */
export async function findEntry(
  { store }: Pick<Feed, 'store'>,
  connectionId: ConnectionId,
  userId: UserId,
): Promise<SnapshotEntry | undefined> {
  const state = await store.readState(connectionId);
  if (state === undefined) return undefined;
  const keyHash = toHex(createDigester(state.digestKey).keyHash(userId));
  return (await store.readEntries(connectionId, [{ keyHash, userId }])).get(userId);
}
