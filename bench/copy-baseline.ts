import type { ConnectionId } from '../src/model/ids.ts';
import type { SnapshotEntry } from '../src/model/snapshot-entry.ts';
import type { FeedStore } from '../src/store/create-store.ts';
import { stateItem } from '../src/store/state-store.ts';
import type { TableClient } from '../src/store/table-client.ts';
import type { SweepStore } from '../src/sweep/ports.ts';

export type BaselineCopy = {
  /** In which the baseline was made. */
  readonly memory: SweepStore;
  readonly store: FeedStore;
  readonly table: TableClient;
  readonly connectionId: ConnectionId;
  /** Of so many users, those with the lowest ids, entries are written. */
  readonly changeable: number;
};

/** Puts a connection into a table as its baseline left it elsewhere, but for the log and most of the entries. */
export async function copyBaseline({
  memory,
  store,
  table,
  connectionId: id,
  changeable,
}: BaselineCopy): Promise<void> {
  const state = await memory.readState(id);
  if (state?.lastComplete === undefined) throw new Error('the baseline in memory is not complete');
  const { layout, position, projectionVersion = '' } = state;
  const meanings = await memory.readProjection(id, projectionVersion);
  if (meanings !== undefined) await store.writeProjection(id, projectionVersion, meanings);
  await store.writeLayout(id, layout, await memory.loadShards(id, layout), position);
  const entries: SnapshotEntry[] = [];
  for await (const entry of memory.readAllEntries(id)) entries.push(entry);
  entries.sort((a, b) => Number(a.userId) - Number(b.userId));
  await store.writeEntries(id, entries.slice(0, changeable));
  await store.advancePublished(id, position);
  await table.put(stateItem(id, { leaseToken: 1 }, state));
}
