import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest, toHex } from '../../src/diff/digest.ts';
import { createDigestIndex } from '../../src/diff/digest-index.ts';
import { foldShard, type PairChange, pairBytes, recutShards, shardNumber } from '../../src/diff/index-shard.ts';

/** Few key hashes, at the edges of shards, so that changes meet. */
const keyHash = fc
  .tuple(fc.constantFrom('00', '01', '3f', '40', '7f', '80', 'c0', 'fe', 'ff'), fc.constantFrom('00', '01', 'ff'))
  .map(([first, last]) => `${first}${'00'.repeat(6)}${last}`);
const digest = fc.oneof(
  fc.constantFrom('0000000000000001', '1000000000000000', 'ffffffffffffffff', sharedKeyDigest),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map(toHex),
);
const change: fc.Arbitrary<PairChange> = fc.record({ keyHash, digest: fc.oneof(digest, fc.constant(null)) });
const bits = fc.integer({ min: 0, max: 9 });
const changes = fc.array(change, { maxLength: 40 });

/** The pairs as a plain map would hold them. */
function asMap(all: readonly PairChange[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const { keyHash: key, digest: value } of all)
    if (value === null) pairs.delete(key);
    else pairs.set(key, value);
  return pairs;
}

function applyTo(shards: readonly Uint8Array[], all: readonly PairChange[], width: number): readonly Uint8Array[] {
  return shards.map((pairs, shard) =>
    foldShard(
      pairs,
      all.filter(({ keyHash: key }) => shardNumber(fromHex(key), width) === shard),
    ),
  );
}

function contents(shards: readonly Uint8Array[]): string {
  return shards.map(toHex).join('');
}

function sorted(pairs: ReadonlyMap<string, string>): string {
  return [...pairs]
    .sort()
    .map(([key, value]) => key + value)
    .join('');
}

// A map has no mark to keep: changes that would take one away are left out of what is compared.
const withoutMarks = changes.map((all) => all.filter((one) => one.digest !== sharedKeyDigest));

describe(foldShard, () => {
  it('holds what a map would hold, sorted, in whatever portions the changes come', () => {
    fc.assert(
      fc.property(withoutMarks, withoutMarks, bits, (first, second, width) => {
        const shards = applyTo(applyTo(recutShards([], width), first, width), second, width);

        expect(contents(shards)).toBe(sorted(asMap([...first, ...second])));
      }),
    );
  });

  it('holds the same when its last portion is applied twice', () => {
    fc.assert(
      fc.property(changes, changes, bits, (first, second, width) => {
        const once = applyTo(applyTo(recutShards([], width), first, width), second, width);

        const latest = [...asMap(second)].map(([key, value]) => ({ keyHash: key, digest: value }));
        expect(contents(applyTo(once, latest, width))).toBe(contents(once));
      }),
    );
  });
});

describe(recutShards, () => {
  it('keeps every pair, in order, each in the shard of its leading bits', () => {
    fc.assert(
      fc.property(changes, bits, bits, (all, one, other) => {
        const shards = applyTo(recutShards([], one), all, one);

        const recut = recutShards(shards, other);

        expect(recut).toHaveLength(2 ** other);
        expect(contents(recut)).toBe(contents(shards));
        for (const [number, pairs] of recut.entries())
          for (let at = 0; at < pairs.length; at += pairBytes)
            expect(shardNumber(pairs.subarray(at), other)).toBe(number);
      }),
    );
  });
});

describe(createDigestIndex, () => {
  it('answers as a map would', () => {
    fc.assert(
      fc.property(withoutMarks, fc.uniqueArray(keyHash), bits, (all, asked, width) => {
        const pairs = asMap(all);
        const index = createDigestIndex(applyTo(recutShards([], width), all, width), width);

        expect(index.pairCount).toBe(pairs.size);
        for (const key of [...asked, ...pairs.keys()]) {
          const slot = index.find(fromHex(key));
          const known = pairs.get(key);
          expect(slot !== -1).toBe(known !== undefined);
          if (known === undefined) continue;
          expect(index.keyHashAt(slot)).toBe(key);
          expect(index.isShared(slot)).toBe(known === sharedKeyDigest);
        }
      }),
    );
  });

  it('finds a digest where somebody has it alone, and no other', () => {
    fc.assert(
      fc.property(withoutMarks, fc.array(digest), bits, (all, asked, width) => {
        const pairs = asMap(all);
        const index = createDigestIndex(applyTo(recutShards([], width), all, width), width);
        const kept = new Set([...pairs.values()].filter((one) => one !== sharedKeyDigest));

        for (const one of [...asked, ...pairs.values()]) {
          const slot = index.findDigest(fromHex(one));
          expect(slot !== -1).toBe(kept.has(one));
          if (slot !== -1) expect(pairs.get(index.keyHashAt(slot))).toBe(one);
        }
      }),
    );
  });

  it('knows a shared pair by its mark', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keyHash, { minLength: 1 }), fc.nat(), bits, (keys, number, width) => {
        const shared = keys[number % keys.length] ?? '';
        const all = keys.map((key) => ({ keyHash: key, digest: key === shared ? sharedKeyDigest : 'ff'.repeat(8) }));
        const index = createDigestIndex(applyTo(recutShards([], width), all, width), width);

        expect(keys.filter((key) => index.isShared(index.find(fromHex(key))))).toStrictEqual([shared]);
      }),
    );
  });
});
