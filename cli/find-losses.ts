import { pairBytes } from '../src/diff/index-shard.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { FeedStore } from '../src/store/create-store.ts';

/** What a connection has lost, in users: those whom its state counts are more than those whom the table still knows. */
export type Losses = {
  /** Users in the state's count, the deleted included. */
  readonly known: number;
  readonly entriesLost: number;
  /** Of the lost entries those that the log holds. */
  readonly entriesInLog: number;
  /** Users whom the state counts in the index, and who are not in it. */
  readonly pairsLost: number;
};

/** Looks at everything that is kept of a connection; undefined where nothing was ever swept. */
export async function findLosses(store: FeedStore, id: ConnectionId): Promise<Losses | undefined> {
  const state = await store.readState(id);
  if (state === undefined) return undefined;
  const users = new Set<string>();
  for await (const { userId } of store.readAllEntries(id)) users.add(userId);
  const inLog = new Set<string>();
  for await (const { position, transitions } of store.readLog(id, 0)) {
    // What a sweep that goes on meanwhile has committed is still on its way into the entries.
    if (position > state.position) break;
    for (const { entry } of transitions) if (!users.has(entry.userId)) inLog.add(entry.userId);
  }
  const shards = await store.loadShards(id, state.layout);
  const pairs = shards.reduce((count, shard) => count + shard.length / pairBytes, 0);
  const known = state.counts.pairs + state.counts.tombstones;
  return {
    known,
    entriesLost: Math.max(inLog.size, known - users.size),
    entriesInLog: inLog.size,
    pairsLost: Math.max(0, state.counts.pairs - pairs),
  };
}
