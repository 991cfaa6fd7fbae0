import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest, toHex } from '../../../src/diff/digest.ts';
import { foldShard, layoutBits, readUint32, recutShards, shardNumber } from '../../../src/diff/index-shard.ts';

const key = (start: string) => start.padEnd(16, '0');
const low = key('0f');
const middle = key('80');
const high = key('ff');
const one = '1'.repeat(16);
const two = '2'.repeat(16);
const empty = new Uint8Array();

describe(shardNumber, () => {
  it.each([
    { start: 'ff', bits: 0, shard: 0 },
    { start: '00', bits: 1, shard: 0 },
    { start: '7f', bits: 1, shard: 0 },
    { start: '80', bits: 1, shard: 1 },
    { start: 'ff', bits: 1, shard: 1 },
    { start: 'ff', bits: 8, shard: 255 },
    { start: 'abc', bits: 12, shard: 0xabc },
    { start: 'ffffff', bits: 24, shard: 0xffffff },
  ])('is $shard for $start with $bits bits', ({ start, bits, shard }) => {
    expect(shardNumber(fromHex(key(start)), bits)).toBe(shard);
  });
});

describe(foldShard, () => {
  it('puts new pairs in the order of their keys', () => {
    const shard = foldShard(empty, [
      { keyHash: high, digest: one },
      { keyHash: low, digest: two },
    ]);

    expect(toHex(shard)).toBe(low + two + high + one);
  });

  it('replaces a digest, takes a pair out and leaves the others alone', () => {
    const before = fromHex(low + one + middle + one + high + one);

    const shard = foldShard(before, [
      { keyHash: middle, digest: two },
      { keyHash: low, digest: null },
    ]);

    expect(toHex(shard)).toBe(middle + two + high + one);
  });

  it('lets the later of two changes of a pair win', () => {
    const back = foldShard(fromHex(low + one), [
      { keyHash: low, digest: null },
      { keyHash: low, digest: two },
    ]);
    const away = foldShard(empty, [
      { keyHash: low, digest: two },
      { keyHash: low, digest: null },
    ]);

    expect(toHex(back)).toBe(low + two);
    expect(toHex(away)).toBe('');
  });

  it('is empty after its last pair is taken out, and takes out what is not there without a word', () => {
    expect(foldShard(fromHex(low + one), [{ keyHash: low, digest: null }])).toStrictEqual(empty);
    expect(foldShard(empty, [{ keyHash: low, digest: null }])).toStrictEqual(empty);
  });

  it('gives the same when the same changes are applied again', () => {
    const changes = [
      { keyHash: low, digest: two },
      { keyHash: high, digest: null },
    ];
    const once = foldShard(fromHex(low + one + high + one), changes);

    expect(foldShard(once, changes)).toStrictEqual(once);
  });

  it('keeps the mark of a shared key hash', () => {
    expect(toHex(foldShard(fromHex(low + one), [{ keyHash: low, digest: sharedKeyDigest }]))).toBe(
      low + sharedKeyDigest,
    );
  });

  it('does not change the bytes it was given', () => {
    const before = fromHex(low + one);

    foldShard(before, [{ keyHash: low, digest: two }]);

    expect(toHex(before)).toBe(low + one);
  });
});

describe(layoutBits, () => {
  it.each([
    { pairs: 0, bits: 0 },
    { pairs: 120, bits: 0 },
    { pairs: 121, bits: 1 },
    { pairs: 240, bits: 1 },
    { pairs: 241, bits: 2 },
    { pairs: 100_000, bits: 10 },
    { pairs: 1e15, bits: 24 },
  ])('is $bits for $pairs pairs of 120 a shard', ({ pairs, bits }) => {
    expect(layoutBits(pairs, 120)).toBe(bits);
  });
});

describe(readUint32, () => {
  it('reads four bytes from a place, never as a negative number', () => {
    expect(readUint32(fromHex('00ff00000180'), 1)).toBe(0xff000001);
    expect(readUint32(fromHex('ffffffff'), 0)).toBe(0xffffffff);
  });
});

describe(recutShards, () => {
  const cut = [fromHex(low + one), fromHex(middle + two + high + one)];

  it('doubles a layout', () => {
    expect(recutShards(cut, 2).map(toHex)).toStrictEqual([low + one, '', middle + two, high + one]);
  });

  it('joins a layout again', () => {
    expect(recutShards(recutShards(cut, 8), 0).map(toHex)).toStrictEqual([low + one + middle + two + high + one]);
  });

  it('gives empty shards for a list of nobody', () => {
    expect(recutShards([], 1)).toStrictEqual([empty, empty]);
  });
});
