import { describe, expect, it } from 'vitest';
import { pairBytes } from '../../../src/diff/index-shard.ts';
import { packPairs, unpackPairs } from '../../../src/store/packed-pairs.ts';
import { digestOf } from './sample-log.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** Sorted pairs of a shard, spread as key hashes are: the same each time. */
function pairsIn(shard: number, bits: number, count: number): Uint8Array {
  const width = 2n ** BigInt(64 - bits);
  const keys = Array.from({ length: count }, (_, n) => BigInt(`0x${digestOf(`key ${n}`)}`) % width);
  const sorted = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
  const hex = sorted.map((key) => (BigInt(shard) * width + key).toString(16).padStart(16, '0') + digestOf(String(key)));
  return bytes(hex.join(''));
}

const shards = [0, 1, 2, 7, 8, 9, 10, 14, 16, 17, 24].flatMap((bits) =>
  [0, 2 ** bits - 1].flatMap((shard) => [0, 1, 61, 120, 300].map((count) => ({ bits, shard, count }))),
);

describe(packPairs, () => {
  it.each(shards)('loses nothing of $count pairs in shard $shard of 2^$bits', ({ bits, shard, count }) => {
    const pairs = pairsIn(shard, bits, count);

    expect(unpackPairs(packPairs(pairs, shard, bits), shard, bits)).toStrictEqual(pairs);
  });

  it.each([
    { bits: 0, count: 120, most: 15.5 },
    { bits: 10, count: 98, most: 14.4 },
    { bits: 14, count: 61, most: 14.7 },
    { bits: 17, count: 120, most: 14.7 },
  ])('takes less than $most bytes a pair for $count in a shard of 2^$bits', ({ bits, count, most }) => {
    expect(packPairs(pairsIn(0, bits, count), 0, bits).length / count).toBeLessThan(most);
  });

  it.each([
    { what: 'the first and the last key', keys: ['4000000000000000', '7fffffffffffffff'] },
    { what: 'keys that differ in nothing but the last byte', keys: ['4000000000000000', '4000000000000001'] },
    { what: 'a key twice', keys: ['4000000000000000', '4000000000000000'] },
  ])('loses nothing of $what of a shard', ({ keys }) => {
    const pairs = bytes(keys.map((key) => key + digestOf(key)).join(''));

    expect(unpackPairs(packPairs(pairs, 1, 2), 1, 2)).toStrictEqual(pairs);
  });

  it.each([
    { what: 'a pair of the shard before', keys: ['3fffffffffffffff'] },
    { what: 'a pair of the shard behind', keys: ['8000000000000000'] },
    { what: 'pairs that are not sorted', keys: ['7000000000000000', '4000000000000000'] },
  ])('refuses $what', ({ keys }) => {
    const pairs = bytes(keys.map((key) => key + digestOf(key)).join(''));

    expect(() => packPairs(pairs, 1, 2)).toThrow(expect.objectContaining({ code: 'internal.invariant' }));
  });
});

describe(unpackPairs, () => {
  const packed = packPairs(pairsIn(3, 10, 98), 3, 10);

  it.each([
    { what: 'nothing', damaged: new Uint8Array() },
    { what: 'a byte less', damaged: packed.subarray(0, -1) },
    { what: 'a byte more', damaged: new Uint8Array([...packed, 0]) },
    { what: 'another cut', damaged: new Uint8Array([1, ...packed.subarray(1)]) },
    { what: 'a cut that there is not', damaged: new Uint8Array([5, ...packed.subarray(1)]) },
    { what: 'a bit too many in the row', damaged: packed.with(1, 0xff) },
    { what: 'pairs that are not packed', damaged: pairsIn(3, 10, 98) },
    { what: 'half a row', damaged: packed.subarray(0, 8) },
  ])('takes $what for no shard', ({ damaged }) => {
    expect(unpackPairs(damaged, 3, 10)).toBeUndefined();
  });

  it('takes nothing for a shard whose cut is less than its number has', () => {
    expect(unpackPairs(new Uint8Array([0, 1]), 3, 10)).toBeUndefined();
  });

  it('gives whole pairs', () => {
    expect((unpackPairs(packed, 3, 10)?.length ?? 1) % pairBytes).toBe(0);
  });
});
