import { foldShard, shardNumber } from '../diff/index-shard.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { IndexLayout } from './connection-state.ts';
import { createOverlayValues } from './overlay-values.ts';
import type { IndexStore, PositionedPairChange } from './ports.ts';

type Shard = { readonly position: number; readonly pairs: Uint8Array };

/** Before every log position: any change is newer than a shard whose position nobody knows. */
const unknownPosition = -1;

/**
 * Index layouts in memory: the first write to one copies the base's. Positions of the base's shards cannot be seen
 * through the port, so the first changes of such a shard are all folded into it. That ends where the store's own rule
 * ends. A shard reflects at most what the log holds, and everything up to the position of the state; a tick applies
 * the log from there to its end, without a gap, before it loads the index. So each pair that the shard already had
 * changed after the state's position is changed again, in the same order, up to the last time it changed. And a run of
 * changes does the same to a pair once or twice: after a removal nothing before it counts, without one the mark
 * of a shared key hash stays and otherwise the last digest wins.
 */
export function overlayIndex(base: Pick<IndexStore, 'loadShards'>): IndexStore {
  const layouts = createOverlayValues<string, Map<number, Shard>>();
  const copyLayout = async (connectionId: ConnectionId, layout: IndexLayout) => {
    const own = layouts.find(connectionId, layout.id);
    if (own) return own;
    const shards = [...(await base.loadShards(connectionId, layout)).entries()]
      .filter(([, pairs]) => pairs.length > 0)
      .map(([number, pairs]) => [number, { position: unknownPosition, pairs }] as const);
    const copy = layouts.find(connectionId, layout.id) ?? new Map<number, Shard>(shards);
    layouts.set(connectionId, layout.id, copy);
    return copy;
  };
  return {
    async loadShards(connectionId, layout) {
      const own = layouts.find(connectionId, layout.id);
      if (!own) return base.loadShards(connectionId, layout);
      return Array.from({ length: 2 ** layout.bits }, (_, number) => own.get(number)?.pairs ?? new Uint8Array());
    },
    async applyPairs(connectionId, layout, changes, upTo) {
      const shards = await copyLayout(connectionId, layout);
      const byShard = Map.groupBy(changes, ({ keyHash }) => shardNumber(Buffer.from(keyHash, 'hex'), layout.bits));
      for (const [number, own] of byShard) shards.set(number, foldNewer(shards.get(number), own, upTo));
    },
    async writeLayout(connectionId, layout, written, position) {
      const shards = await copyLayout(connectionId, layout);
      for (const [number, pairs] of written.entries()) shards.set(number, { position, pairs: pairs.slice() });
    },
    async deleteLayout(connectionId, layout) {
      layouts.set(connectionId, layout.id, new Map());
    },
  };
}

/** The rule of the store: a shard takes changes that are newer than it, and is then at the position they reach. */
function foldNewer(shard: Shard | undefined, changes: readonly PositionedPairChange[], upTo: number): Shard {
  if (shard !== undefined && shard.position >= upTo) return shard;
  const newer = changes.filter(({ position }) => shard === undefined || position > shard.position);
  return { position: upTo, pairs: foldShard(shard?.pairs ?? new Uint8Array(), newer) };
}
