import pMap from 'p-map';
import { foldShard, pairBytes, shardNumber } from '../diff/index-shard.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { IndexLayout } from '../sweep/connection-state.ts';
import type { IndexStore, PositionedPairChange } from '../sweep/ports.ts';
import { indexPartition, numberOfShard, shardKey } from './keys.ts';
import { packPairs, unpackPairs } from './packed-pairs.ts';
import { nameItem } from './read-part.ts';
import { type Condition, type Item, isNotThere, type TableClient } from './table-client.ts';

const parallelShards = 8;
/** A shard is contended only by a worker that has lost its lease; it gives up after a write or two. */
const maxShardTries = 20;

type Shard = { readonly position: number; readonly pairs: Uint8Array };

export function createIndexStore(table: TableClient): IndexStore {
  const foldInto = async (
    connectionId: ConnectionId,
    layout: IndexLayout,
    number: number,
    { changes, upTo }: { readonly changes: readonly PositionedPairChange[]; readonly upTo: number },
  ) => {
    const key = shardKey(connectionId, layout.id, number);
    for (let attempt = 0; attempt < maxShardTries; attempt += 1) {
      const shard = readShard(await table.get(key), layout);
      // A layout has all its shards from its first write on: one that is not there was lost. Made anew by a worker that is behind, it
      // could have as many pairs as it had, and others. As it is, the next sweep misses them and makes the index again.
      if (shard === undefined || shard.position >= upTo) return;
      const { position: reached } = shard;
      const newer = changes.filter(({ position }) => position > reached);
      const pairs = foldShard(shard.pairs, newer);
      const item = { ...key, position: upTo, packed: packPairs(pairs, number, layout.bits) };
      if (await table.put(item, isUnchanged(shard))) return;
    }
    const message = `${connectionId}: index shard ${number} changed ${maxShardTries} times under one write`;
    throw new FeedError('store.conflict', message, { item: key.sk });
  };
  return {
    async loadShards(connectionId, layout) {
      const shards: Uint8Array[] = Array.from({ length: 2 ** layout.bits }, () => new Uint8Array());
      const items = table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': indexPartition(connectionId, layout.id) },
        ConsistentRead: true,
      });
      for await (const item of items) {
        const shard = readShard(item, layout);
        if (shard !== undefined) shards[numberOfShard(item.sk)] = shard.pairs;
      }
      return shards;
    },
    async applyPairs(connectionId, layout, changes, upTo) {
      const byShard = Map.groupBy(changes, ({ keyHash }) => shardNumber(Buffer.from(keyHash, 'hex'), layout.bits));
      await pMap(byShard, ([number, own]) => foldInto(connectionId, layout, number, { changes: own, upTo }), {
        concurrency: parallelShards,
      });
    },
    async writeLayout(connectionId, layout, shards, position) {
      const items = [...shards.entries()].map(([number, pairs]) => ({
        ...shardKey(connectionId, layout.id, number),
        position,
        packed: packPairs(pairs, number, layout.bits),
      }));
      // A layout has a name of its own. What is there already is an earlier try, or has been told more since: a request
      // that was given up may still arrive when its shard is in use.
      await pMap(items, (item) => table.put(item, isNotThere), { concurrency: parallelShards });
    },
    async deleteLayout(connectionId, layout) {
      const numbers = Array.from({ length: 2 ** layout.bits }, (_, number) => number);
      await table.deleteMany(numbers.map((number) => shardKey(connectionId, layout.id, number)));
    },
  };
}

function readShard(item: Item | undefined, layout: IndexLayout): Shard | undefined {
  if (item === undefined) return undefined;
  const { position } = item;
  const pairs = readPairs(item, layout);
  if (typeof position === 'number' && pairs !== undefined) return { position, pairs };
  const message = `${nameItem(item)} is no index shard of ${pairBytes}-byte pairs`;
  throw new FeedError('internal.invariant', message, { invariant: 'shard_readable' });
}

/** Of a shard that an older version wrote and nobody has changed since, the pairs are not packed. */
function readPairs({ sk, packed, pairs }: Item, { bits }: IndexLayout): Uint8Array | undefined {
  if (packed instanceof Uint8Array) return unpackPairs(packed, numberOfShard(sk), bits);
  return pairs instanceof Uint8Array && pairs.length % pairBytes === 0 ? pairs : undefined;
}

/** Nobody has written the shard since it was read: a slow worker must not put an old digest back. */
function isUnchanged(shard: Shard): Condition {
  return {
    expression: '#position = :position',
    names: { '#position': 'position' },
    values: { ':position': shard.position },
  };
}
