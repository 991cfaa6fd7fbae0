import { createDigester, toHex } from '../diff/digest.ts';
import type { CanonicalUser } from '../model/canonical-user.ts';
import type { ConnectionId, UserId } from '../model/ids.ts';
import type { LogBatch, Transition } from '../model/log-batch.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { ConnectionState } from './connection-state.ts';
import type { SweepStore } from './ports.ts';

/** A projection of which nothing is on record: what is compared with an erased entry is only its status. */
export const erasedProjection = 'erased';

export type PurgeAsk = {
  readonly connectionId: ConnectionId;
  readonly state: ConnectionState;
  readonly userId: UserId;
};

/**
 * Erases who a person is from entry, log and holds. What stays is his id, revision and status, so that nothing is
 * published about it and a return is told apart from a first appearance.
 */
export async function purgeUser(store: SweepStore, { connectionId, state, userId }: PurgeAsk): Promise<void> {
  const keyHash = toHex(createDigester(state.digestKey).keyHash(userId));
  for (const entry of await store.readEntriesByKeyHash(connectionId, keyHash))
    if (entry.userId === userId) await store.rewriteEntry(connectionId, eraseEntry(entry));
  for await (const batch of store.readLog(connectionId, 0))
    if (batch.transitions.some(({ entry }) => entry.userId === userId))
      await store.rewriteBatch(eraseFrom(batch, userId));
  for await (const record of store.listHolds(connectionId)) {
    const preview = record.preview.filter((example) => (example as Transition).entry.userId !== userId);
    if (preview.length < record.preview.length) await store.writeHold({ ...record, preview });
  }
}

function eraseEntry(entry: SnapshotEntry): SnapshotEntry {
  return { ...entry, user: eraseUser(entry.user), projectionVersion: erasedProjection };
}

/** The vendor's word for a status says nothing about the person, and without it the next sweep would see a change. */
function eraseUser({ id, status, rawStatus }: CanonicalUser): CanonicalUser {
  return { id, status, ...(rawStatus !== undefined && { rawStatus }) };
}

function eraseFrom(batch: LogBatch, userId: UserId): LogBatch {
  return { ...batch, transitions: batch.transitions.map((one) => (one.entry.userId === userId ? erase(one) : one)) };
}

/** What happened stays, without the values: numbers and order of the log must not change. */
function erase({ change, ...transition }: Transition): Transition {
  const entry = eraseEntry(transition.entry);
  if (change?.diff === undefined) return { ...transition, entry, ...(change && { change }) };
  const { rawFrom: _from, rawTo: _to, ...status } = change.diff.status ?? { to: entry.user.status };
  const diff = { ...change.diff, before: {}, ...(change.diff.status && { status }) };
  return { ...transition, entry, change: { ...change, diff } };
}
