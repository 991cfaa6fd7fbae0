import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedKeyDigest } from '../../../src/diff/digest.ts';
import { foldShard, shardNumber } from '../../../src/diff/index-shard.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { overlayIndex } from '../../../src/sweep/overlay-index.ts';
import type { PositionedPairChange } from '../../../src/sweep/ports.ts';
import { four, keyA, keyB, keyC, readable } from '../store/index-pairs.ts';
import { digestOf } from '../store/sample-log.ts';

const id = connectionId('connection');
const keyHashes = [keyA, keyB, keyC, '0000000000000002', 'fffffffffffffffe'];

/** A log of changes, a few at each position, with the sharing and leaving that make their order matter. */
const logOfChanges = fc
  .array(
    fc.array(
      fc.record({
        keyHash: fc.constantFrom(...keyHashes),
        digest: fc.constantFrom(null, sharedKeyDigest, digestOf('one'), digestOf('two')),
      }),
      { maxLength: 3 },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((batches): readonly PositionedPairChange[] =>
    batches.flatMap((changes, n) => changes.map((change) => ({ ...change, position: n + 1 }))),
  );

const shardOf = ({ keyHash }: PositionedPairChange) => shardNumber(Buffer.from(keyHash, 'hex'), four.bits);

/** The shards of which each has stopped at a position of its own, as a tick leaves them that dies between two writes. */
function shardsAt(changes: readonly PositionedPairChange[], positions: readonly number[]): readonly Uint8Array[] {
  return positions.map((reached, number) => {
    const own = changes.filter((change) => shardOf(change) === number && change.position <= reached);
    return foldShard(new Uint8Array(), own);
  });
}

describe('applyPairs of an overlay', () => {
  it('ends where the log ends, wherever the shards of the base stand and however the log is cut', async () => {
    const position = fc.nat({ max: 8 });
    const reached = fc.array(position, { minLength: 4, maxLength: 4 });
    const perGroups = fc.integer({ min: 1, max: 8 });
    const arbitraries = [logOfChanges, position, reached, perGroups] as const;
    await fc.assert(
      fc.asyncProperty(...arbitraries, async (changes, stateAt, positions, perGroup) => {
        const last = changes.at(-1)?.position ?? 0;
        // Every shard reflects what the state reflects, and some more.
        const shards = shardsAt(
          changes,
          positions.map((shardAt) => Math.max(shardAt, stateAt)),
        );
        const store = overlayIndex({ loadShards: async () => shards });

        for (let upTo = stateAt; upTo < last; ) {
          const from = upTo;
          upTo = Math.min(from + perGroup, last);
          const group = changes.filter(({ position: at }) => at > from && at <= upTo);
          await store.applyPairs(id, four, group, upTo);
        }

        const loaded = await store.loadShards(id, four);
        expect(readable(loaded)).toStrictEqual(readable(shardsAt(changes, [last, last, last, last])));
      }),
      { numRuns: 500 },
    );
  });

  it('reads the shards of a layout once, however often it is written', async () => {
    let loads = 0;
    const loadShards = async () => {
      loads += 1;
      return [0, 1, 2, 3].map(() => new Uint8Array());
    };
    const store = overlayIndex({ loadShards });

    for (const position of [1, 2, 3])
      await store.applyPairs(id, four, [{ keyHash: keyA, digest: digestOf('one'), position }], position);
    await store.loadShards(id, four);

    expect(loads).toBe(1);
  });

  it('leaves the bytes alone that the base answered with', async () => {
    const pairs = foldShard(new Uint8Array(), [{ keyHash: keyA, digest: digestOf('one') }]);
    const before = pairs.slice();
    const store = overlayIndex({ loadShards: async () => [pairs] });

    await store.applyPairs(id, { id: 'single', bits: 0 }, [{ keyHash: keyA, digest: null, position: 1 }], 1);

    expect(pairs).toStrictEqual(before);
  });

  it('stays as far as it is when changes come that it reflects', async () => {
    const store = overlayIndex({ loadShards: async () => [new Uint8Array()] });
    const single = { id: 'single', bits: 0 };
    const apply = (text: string, position: number) =>
      store.applyPairs(id, single, [{ keyHash: keyA, digest: digestOf(text), position }], position);
    await apply('newest', 5);
    const newest = readable(await store.loadShards(id, single));

    await apply('older', 4);
    await apply('late', 5);

    expect(readable(await store.loadShards(id, single))).toStrictEqual(newest);
  });
});

describe('writeLayout of an overlay', () => {
  it('keeps the bytes as they were, whatever becomes of those that it was given', async () => {
    const pairs = foldShard(new Uint8Array(), [{ keyHash: keyA, digest: digestOf('one') }]);
    const before = pairs.slice();
    const store = overlayIndex({ loadShards: async () => [] });

    await store.writeLayout(id, { id: 'single', bits: 0 }, [pairs], 1);
    pairs.fill(0);

    expect(await store.loadShards(id, { id: 'single', bits: 0 })).toStrictEqual([before]);
  });
});
