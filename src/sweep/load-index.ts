import { sharedKeyDigest } from '../diff/digest.ts';
import { createDigestIndex, type DigestIndex } from '../diff/digest-index.ts';
import { foldShard, layoutBits, type PairChange, pairBytes, recutShards } from '../diff/index-shard.ts';
import type { ConnectionState, IndexLayout } from './connection-state.ts';
import type { Lease, SweepStore } from './ports.ts';
import type { Held } from './take-lease.ts';

/** Shards hold 1 to 2 KB: at this average a layout is doubled, after which each holds half. */
export const pairsPerShard = 120;

export type LoadedIndex = { readonly index: DigestIndex; readonly state: ConnectionState };

/**
 * The digest index as the applied log leaves it. Where its pairs are not as many as the state counts, shards were
 * lost, and the index is made again from the entries.
 */
export async function loadIndex(store: SweepStore, held: Held): Promise<LoadedIndex> {
  const { lease, state } = held;
  const shards = await store.loadShards(lease.connectionId, state.layout);
  const pairCount = shards.reduce((count, pairs) => count + pairs.length / pairBytes, 0);
  if (pairCount === state.counts.pairs) return { index: createDigestIndex(shards, state.layout.bits), state };
  const rebuilt = await rebuildIndex(store, held);
  return { index: createDigestIndex(rebuilt.shards, rebuilt.state.layout.bits), state: rebuilt.state };
}

/** Gives the index room for `added` more pairs: writes a larger layout, then puts it in force. */
export async function growIndex(store: SweepStore, held: Held, added: number): Promise<ConnectionState> {
  const { lease, state } = held;
  const bits = layoutBits(state.counts.pairs + added, pairsPerShard);
  if (bits <= state.layout.bits) return state;
  const shards = await store.loadShards(lease.connectionId, state.layout);
  return installLayout(store, held, recutShards(shards, bits), bits);
}

export type RebuiltIndex = { readonly shards: readonly Uint8Array[]; readonly state: ConnectionState };

/** Makes the index again from the entries, in a layout of its own, and counts them. */
export async function rebuildIndex(store: SweepStore, held: Held): Promise<RebuiltIndex> {
  const { lease, state } = held;
  const pairs = new Map<string, PairChange>();
  let live = 0;
  let tombstones = 0;
  for await (const { keyHash, digest, presence } of store.readAllEntries(lease.connectionId)) {
    if (presence === 'live') live += 1;
    if (presence === 'gone') tombstones += 1;
    else pairs.set(keyHash, { keyHash, digest: pairs.has(keyHash) ? sharedKeyDigest : digest });
  }
  const counts = { pairs: pairs.size, live, tombstones };
  const bits = layoutBits(pairs.size, pairsPerShard);
  const shards = recutShards([foldShard(new Uint8Array(), [...pairs.values()])], bits);
  const next = await installLayout(store, { lease, state: { ...state, counts } }, shards, bits);
  return { shards, state: next };
}

/** New shards first, under a name no other worker writes; the state flips to them last. */
async function installLayout(
  store: SweepStore,
  { lease, state }: Held,
  shards: readonly Uint8Array[],
  bits: number,
): Promise<ConnectionState> {
  const layout: IndexLayout = { id: layoutName(lease, state, bits), bits };
  await store.writeLayout(lease.connectionId, layout, shards, state.position);
  const next = { ...state, layout };
  await store.saveState(lease, next);
  if (layout.id !== state.layout.id) await store.deleteLayout(lease.connectionId, state.layout);
  return next;
}

/** Unique: what a lease installs twice at one position in one size, asked to rebuild it twice, is the same. */
function layoutName(lease: Lease, state: ConnectionState, bits: number): string {
  return `${lease.token}-${state.position}-${bits}`;
}
