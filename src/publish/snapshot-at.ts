import type { CanonicalUser } from '../model/canonical-user.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';

/** Masks what a connection does not want published of a user. */
export type EntryProtector = { protectEntry(entry: SnapshotEntry): SnapshotEntry };

/** Where a snapshot is read from; all strongly consistent. */
export type SnapshotSources = {
  readonly store: {
    readConnection(id: ConnectionId): Promise<{ readonly payload: 'full' | 'thin' } | undefined>;
    readState(
      id: ConnectionId,
    ): Promise<{ readonly epoch: number; readonly sequence: number; readonly lastComplete?: object } | undefined>;
    walkEntries(id: ConnectionId): AsyncIterable<SnapshotEntry>;
  };
  readonly protectorOf: (id: ConnectionId) => Promise<EntryProtector>;
};

/** One present user, as consumers may know him. */
export type SnapshotUser = {
  readonly userId: string;
  readonly revision: number;
  readonly user: CanonicalUser;
  readonly observedAt: Instant;
};

/** Every present user of a connection, and the place in its order of events from which to go on. */
export type Snapshot = {
  readonly position: { readonly connectionId: ConnectionId; readonly epoch: number; readonly sequence: number };
  /** To be read once. */
  readonly users: AsyncIterable<SnapshotUser>;
};

/**
 * The present users and a position, such that the events behind the position, applied on top of them by revision, give the
 * present state, whatever is committed meanwhile. Undefined before the baseline is complete: whoever it still adds in silence
 * would be missed.
 */
export async function snapshotAt(
  { store, protectorOf }: SnapshotSources,
  connectionId: ConnectionId,
): Promise<Snapshot | undefined> {
  // The position first. Entries hold at least what the state counts, and are only written forward: a user who is read
  // later may be newer than the position, which his revision tells.
  const state = await store.readState(connectionId);
  if (state?.lastComplete === undefined) return undefined;
  const isThin = (await store.readConnection(connectionId))?.payload === 'thin';
  const { protectEntry } = await protectorOf(connectionId);
  async function* present(): AsyncIterable<SnapshotUser> {
    for await (const entry of store.walkEntries(connectionId))
      if (entry.presence === 'live') yield showUser(protectEntry(entry), isThin);
  }
  return { position: { connectionId, epoch: state.epoch, sequence: state.sequence }, users: present() };
}

function showUser({ userId, revision, user, observedAt }: SnapshotEntry, isThin: boolean): SnapshotUser {
  return { userId, revision, user: isThin ? { id: user.id, status: user.status } : user, observedAt };
}
