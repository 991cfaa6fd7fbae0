import type { AbsentList, UnseenUser } from '../diff/absent-list.ts';
import type { SeenUsers } from '../diff/seen-users.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { Sweep } from './sweep.ts';

/** Everyone known whom a list did not show; users who share a key hash are told apart by their entries. */
export async function* findUnseen({ ports, list }: Sweep, seen: SeenUsers): AsyncIterable<UnseenUser> {
  yield* seen.unseen();
  for (const keyHash of seen.sharedKeyHashes())
    for (const { userId, presence } of await ports.store.readEntriesByKeyHash(list.connectionId, keyHash))
      if (presence !== 'gone' && !seen.saw(userId)) yield { keyHash, userId };
}

/** Entries that are asked for at once. */
const parallelReads = 16;
/** Asking for an entry costs about four times as much as reading past it: beyond this share all are read. */
const mostSingleReads = 0.25;

/** The entries of absent users, one by one or, where they are many, picked out of all. Tombstones are left out. */
export async function* readEntries(sweep: Sweep, absent: AbsentList): AsyncIterable<SnapshotEntry> {
  if (absent.count === 0) return;
  const { connectionId } = sweep.list;
  const { store } = sweep.ports;
  const isAbsent = ({ keyHash, userId, presence }: SnapshotEntry) =>
    presence !== 'gone' && (absent.find({ keyHash }) ?? absent.find({ keyHash, userId })) !== undefined;
  if (absent.count > Math.max(100, sweep.held.state.counts.pairs * mostSingleReads)) {
    for await (const entry of store.readAllEntries(connectionId)) if (isAbsent(entry)) yield entry;
    return;
  }
  const keyHashes = new Set([...absent.users()].map(({ keyHash }) => keyHash));
  for (const part of chunksOf([...keyHashes], parallelReads)) {
    const read = await Promise.all(part.map((keyHash) => store.readEntriesByKeyHash(connectionId, keyHash)));
    yield* read.flat().filter(isAbsent);
  }
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
