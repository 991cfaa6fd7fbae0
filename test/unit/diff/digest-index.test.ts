import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { recutShards } from '../../../src/diff/index-shard.ts';

const key = (start: string) => start.padEnd(16, '0');
const one = '1'.repeat(16);
const pairs = [
  { keyHash: key('00'), digest: one },
  { keyHash: key('0001'), digest: '00000000000000ff' },
  { keyHash: key('7fffffff'), digest: 'ff00000000000000' },
  { keyHash: '7fffffff00000001', digest: '2'.repeat(16) },
  { keyHash: 'ffffffffffffffff', digest: sharedKeyDigest },
];
const whole = fromHex(pairs.map(({ keyHash, digest }) => keyHash + digest).join(''));

describe.each([0, 1, 2, 8])('createDigestIndex over %i bits', (bits) => {
  const anIndex = () => createDigestIndex(recutShards([whole], bits), bits);

  it('counts its pairs and numbers them by key hash', () => {
    const index = anIndex();
    const slots = pairs.map(({ keyHash }) => index.find(fromHex(keyHash)));

    expect(index.pairCount).toBe(5);
    expect(slots).toStrictEqual([0, 1, 2, 3, 4]);
    expect(slots.map(index.keyHashAt)).toStrictEqual(pairs.map(({ keyHash }) => keyHash));
  });

  it.each([key('0002'), key('80'), '7fffffff00000002', 'fffffffffffffffe', key('0000000000000001')])(
    'does not find %s, which nobody has',
    (keyHash) => {
      expect(anIndex().find(fromHex(keyHash))).toBe(-1);
    },
  );

  it('finds each digest where it stands, except the one that stands for shared key hashes', () => {
    const index = anIndex();

    expect(pairs.map(({ digest }) => index.findDigest(fromHex(digest)))).toStrictEqual([0, 1, 2, 3, -1]);
  });

  it.each([key('1111111'), '1111111122222222', '00000000000000fe', 'ff00000000000001'])(
    'does not find the digest %s, which nobody has',
    (digest) => {
      expect(anIndex().findDigest(fromHex(digest))).toBe(-1);
    },
  );

  it('knows the shared one, and a digest that only begins or ends in zeros is not shared', () => {
    const index = anIndex();

    expect(pairs.map((_, slot) => index.isShared(slot))).toStrictEqual([false, false, false, false, true]);
  });
});

describe(createDigestIndex, () => {
  it.each([
    ['no shard', [], 0],
    ['one empty shard', [new Uint8Array()], 0],
    ['four empty shards', Array.from({ length: 4 }, () => new Uint8Array()), 2],
  ])('knows nobody over %s', (_, shards, bits) => {
    const index = createDigestIndex(shards, bits);

    expect(index.pairCount).toBe(0);
    expect(index.find(fromHex(key('aa')))).toBe(-1);
    expect(index.findDigest(fromHex(one))).toBe(-1);
  });

  it('finds a pair behind shards that are empty', () => {
    const shards = [new Uint8Array(), new Uint8Array(), new Uint8Array(), fromHex(key('ff') + one)];
    const index = createDigestIndex(shards, 2);

    expect(index.find(fromHex(key('ff')))).toBe(0);
    expect(index.keyHashAt(0)).toBe(key('ff'));
    expect(index.findDigest(fromHex(one))).toBe(0);
  });

  it('reads shards that are parts of a larger buffer', () => {
    const buffer = fromHex(`00${key('ff')}${one}00`);
    const index = createDigestIndex([buffer.subarray(1, 17)], 0);

    expect(index.find(fromHex(key('ff')))).toBe(0);
    expect(index.keyHashAt(0)).toBe(key('ff'));
  });
});
