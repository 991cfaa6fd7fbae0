import type { UnseenUser } from '../diff/absence.ts';
import type { DepartedUser } from '../diff/diff-sweep.ts';
import { fromHex } from '../diff/digest.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import type { SeenUsers } from '../diff/seen-users.ts';
import type { AbsentUser } from '../model/absent-user.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { EntryStore } from './ports.ts';

/** Everyone known whom a list did not show; users who share a key hash are told apart by their entries. */
export async function findUnseen(
  store: EntryStore,
  connectionId: ConnectionId,
  seen: SeenUsers,
): Promise<readonly UnseenUser[]> {
  const unseen = [...seen.unseen()];
  for (const keyHash of seen.sharedKeyHashes())
    for (const { userId, presence } of await store.readEntriesByKeyHash(connectionId, keyHash))
      if (presence !== 'gone' && !seen.saw(userId)) unseen.push({ keyHash, userId });
  return unseen;
}

/** Beyond this many, reading every entry is cheaper than asking for each. */
const maxSingleReads = 500;

/** The entries of those who are concluded to be gone. */
export async function findDeparted(
  store: EntryStore,
  connectionId: ConnectionId,
  index: DigestIndex,
  { concluded, observedAt }: { readonly concluded: readonly AbsentUser[]; readonly observedAt: Instant },
): Promise<readonly DepartedUser[]> {
  const absences = Map.groupBy(concluded, ({ keyHash }) => keyHash);
  const departed: DepartedUser[] = [];
  for await (const entry of readEntries(store, connectionId, [...absences.keys()])) {
    const absence = absences.get(entry.keyHash)?.find(({ userId }) => userId === undefined || userId === entry.userId);
    if (absence === undefined || entry.presence === 'gone') continue;
    const isShared = index.isShared(index.find(fromHex(entry.keyHash)));
    departed.push({ entry, absence, pair: isShared ? 'shared' : 'present', observedAt });
  }
  return departed;
}

/** The entries under some key hashes, one by one or, where they are many, picked out of all. */
export async function* readEntries(
  store: EntryStore,
  connectionId: ConnectionId,
  keyHashes: readonly string[],
): AsyncIterable<SnapshotEntry> {
  if (keyHashes.length <= maxSingleReads) {
    for (const keyHash of keyHashes) yield* await store.readEntriesByKeyHash(connectionId, keyHash);
    return;
  }
  const wanted = new Set(keyHashes);
  for await (const entry of store.readAllEntries(connectionId)) if (wanted.has(entry.keyHash)) yield entry;
}
