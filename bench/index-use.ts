import { layoutBits, pairBytes } from '../src/diff/index-shard.ts';
import { connectionId } from '../src/model/ids.ts';
import { shardKey } from '../src/store/keys.ts';
import { packPairs } from '../src/store/packed-pairs.ts';
import { pairsPerShard } from '../src/sweep/load-index.ts';
import { unitsOfBytesRead } from './call-units.ts';
import { itemBytes } from './item-size.ts';

/** What the index of so many users costs, calculated from the sizes of its items. */
export type IndexUse = {
  readonly shards: number;
  readonly bytes: number;
  /** Of loading all of it, strongly consistent, and the calls that takes. */
  readonly readUnits: number;
  readonly queries: number;
  /** Of writing a shard, on average. */
  readonly writeUnits: number;
};

/** Source: AWS DynamoDB API reference, Query: an answer holds 1 MB. */
const answerBytes = 2 ** 20;
const position = 12_345;

export function indexUse(users: number): IndexUse {
  const bits = layoutBits(users, pairsPerShard);
  const sizes = shardCounts(users, bits).map((count) => shardBytes(count, bits));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const writes = sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0);
  return {
    shards: sizes.length,
    bytes,
    readUnits: unitsOfBytesRead(bytes),
    queries: Math.ceil(bytes / answerBytes),
    writeUnits: writes / sizes.length,
  };
}

/** Shards of a list that has been hashed: as many pairs in each as luck has it, the same each time. */
function shardCounts(users: number, bits: number): readonly number[] {
  const counts = Array.from({ length: 2 ** bits }, () => 0);
  let state = 1;
  for (let user = 0; user < users; user += 1) {
    // Source: Numerical Recipes, "quick and dirty" generator: good enough to scatter.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const shard = bits === 0 ? 0 : state >>> (32 - bits);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  return counts;
}

const sizes = new Map<string, number>();

/** How long packed pairs are depends on how many there are and how many shards, not on what they say. */
function shardBytes(count: number, bits: number): number {
  const name = `${bits} ${count}`;
  const known = sizes.get(name);
  if (known !== undefined) return known;
  const packed = packPairs(new Uint8Array(count * pairBytes), 0, bits);
  const size = itemBytes({ ...shardKey(connectionId('bench'), `1-10-${bits}`, 0), position, packed });
  sizes.set(name, size);
  return size;
}
