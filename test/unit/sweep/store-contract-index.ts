import { describe, expect, it } from 'vitest';
import { sharedKeyDigest } from '../../../src/diff/digest.ts';
import { change, four, keyA, keyB, keyC, makeLayout, pair, readable, single } from '../store/index-pairs.ts';
import type { ContractSubject, OpenSubject } from './store-contract.ts';

const bytesOf = (...pairs: readonly string[]) => new Uint8Array(Buffer.from(pairs.join(''), 'hex'));
const pairsOf = async ({ store, id }: ContractSubject, layout = single) => readable(await store.loadShards(id, layout));

export function indexContract(openEmpty: OpenSubject): void {
  const open: OpenSubject = async () => {
    const subject = await openEmpty();
    for (const layout of [single, four]) await makeLayout(subject.given, subject.id, layout);
    return subject;
  };

  describe('loadShards', () => {
    it('answers as many empty shards as a layout has that nobody wrote', async () => {
      const subject = await openEmpty();

      expect(await pairsOf(subject, four)).toStrictEqual([[], [], [], []]);
    });

    it('answers each shard in its place, wherever it was written', async () => {
      const subject = await open();
      await subject.given.applyPairs(subject.id, four, [change(keyA, 'a1', 1), change(keyB, 'b1', 1)], 1);

      await subject.store.applyPairs(subject.id, four, [change(keyB, 'b2', 2), change(keyC, 'c2', 2)], 2);

      expect(await pairsOf(subject, four)).toStrictEqual([
        [pair(keyA, 'a1')],
        [pair(keyB, 'b2')],
        [],
        [pair(keyC, 'c2')],
      ]);
    });
  });

  describe('applyPairs', () => {
    it('puts, replaces and takes out pairs, sorted by key hash', async () => {
      const subject = await open();
      const before = [change(keyC, 'c1', 1), change(keyB, 'b1', 1)];
      await subject.given.applyPairs(subject.id, single, before, 1);

      const changes = [change(keyB, null, 2), change(keyC, 'c2', 2), change(keyA, 'a2', 2)];
      await subject.store.applyPairs(subject.id, single, changes, 2);

      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a2'), pair(keyC, 'c2')]]);
    });

    it('lets the last of several changes of one pair win', async () => {
      const subject = await open();
      await subject.given.applyPairs(subject.id, single, [change(keyA, 'a1', 1)], 1);

      const changes = [change(keyA, 'a2', 2), change(keyA, null, 3), change(keyA, 'a4', 4)];
      await subject.store.applyPairs(subject.id, single, changes, 4);

      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a4')]]);
    });

    it('keeps the mark of a shared key hash until the pair is taken out', async () => {
      const subject = await open();
      const { given, store, id } = subject;
      await given.applyPairs(id, single, [{ keyHash: keyA, digest: sharedKeyDigest, position: 1 }], 1);

      await store.applyPairs(id, single, [change(keyA, 'a2', 2)], 2);
      const marked = await pairsOf(subject);
      await store.applyPairs(id, single, [change(keyA, null, 3), change(keyA, 'a4', 4)], 4);

      expect(marked).toStrictEqual([[keyA + sharedKeyDigest]]);
      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a4')]]);
    });

    it('ends where it ended when the same changes were applied already', async () => {
      const subject = await open();
      const { given, store, id } = subject;
      const marked = { keyHash: keyB, digest: sharedKeyDigest, position: 3 };
      const changes = [
        change(keyA, 'a1', 1),
        change(keyB, 'b2', 2),
        marked,
        change(keyA, null, 3),
        change(keyA, 'a4', 4),
      ];
      await given.applyPairs(id, single, changes, 4);

      await store.applyPairs(id, single, [...changes, change(keyC, 'c5', 5)], 5);

      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a4'), keyB + sharedKeyDigest, pair(keyC, 'c5')]]);
    });

    // Positions of shards are no part of what a store can be asked: from here on the store itself writes them.
    it('changes nothing where the shard is already as far, or further', async () => {
      const subject = await open();
      const { store, id } = subject;
      await store.applyPairs(id, single, [change(keyA, 'a5', 5)], 5);

      await store.applyPairs(id, single, [change(keyA, 'late', 5)], 5);
      await store.applyPairs(id, single, [change(keyA, 'a3', 3), change(keyB, 'b4', 4)], 4);

      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a5')]]);
    });

    it('applies of a group what the shard does not reflect yet, and no more', async () => {
      const subject = await open();
      const { store, id } = subject;
      await store.applyPairs(id, single, [change(keyA, 'a5', 5)], 5);

      const group = [change(keyA, 'a4', 4), change(keyB, 'b5', 5), change(keyC, 'c6', 6)];
      await store.applyPairs(id, single, group, 6);

      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a5'), pair(keyC, 'c6')]]);
    });

    it('leaves the position of a shard alone that no change falls into', async () => {
      const subject = await open();
      const { store, id } = subject;
      await store.applyPairs(id, four, [change(keyA, 'a2', 2)], 2);
      await store.applyPairs(id, four, [change(keyC, 'c5', 5)], 5);

      await store.applyPairs(id, four, [change(keyA, 'a3', 3)], 3);

      expect(await pairsOf(subject, four)).toStrictEqual([[pair(keyA, 'a3')], [], [], [pair(keyC, 'c5')]]);
    });

    it('remembers the position of a shard that nobody is in any more', async () => {
      const subject = await open();
      const { store, id } = subject;
      await store.applyPairs(id, single, [change(keyA, 'a1', 1)], 1);
      await store.applyPairs(id, single, [change(keyA, null, 2)], 2);

      await store.applyPairs(id, single, [change(keyA, 'a1', 1)], 1);

      expect(await pairsOf(subject)).toStrictEqual([[]]);
    });

    it('loses nothing of those who apply to one layout at once', async () => {
      const subject = await open();
      const { given, store, id } = subject;
      await given.applyPairs(id, four, [change(keyB, 'b1', 1)], 1);

      await Promise.all([
        store.applyPairs(id, four, [change(keyA, 'a2', 2)], 2),
        store.applyPairs(id, four, [change(keyC, 'c2', 2)], 2),
      ]);

      expect(await pairsOf(subject, four)).toStrictEqual([
        [pair(keyA, 'a2')],
        [pair(keyB, 'b1')],
        [],
        [pair(keyC, 'c2')],
      ]);
    });
  });

  describe('writeLayout', () => {
    it('writes shards that take only changes after its position', async () => {
      const subject = await openEmpty();
      const { store, id } = subject;
      await store.writeLayout(id, four, [bytesOf(pair(keyA, 'a')), bytesOf(), bytesOf(), bytesOf(pair(keyC, 'c'))], 7);

      await store.applyPairs(id, four, [change(keyA, 'late', 7), change(keyB, 'late', 7)], 7);
      await store.applyPairs(id, four, [change(keyB, 'b8', 8), change(keyC, 'c8', 8)], 8);

      expect(await pairsOf(subject, four)).toStrictEqual([
        [pair(keyA, 'a')],
        [pair(keyB, 'b8')],
        [],
        [pair(keyC, 'c8')],
      ]);
    });

    it('leaves other layouts and other connections alone', async () => {
      const subject = await openEmpty();
      const other = await openEmpty();
      await makeLayout(subject.given, subject.id, single);
      await subject.given.applyPairs(subject.id, single, [change(keyA, 'a1', 1)], 1);

      await subject.store.writeLayout(subject.id, four, [bytesOf(pair(keyA, 'a'))], 7);

      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a1')]]);
      expect(await pairsOf(other, four)).toStrictEqual([[], [], [], []]);
    });
  });

  describe('deleteLayout', () => {
    it('takes every shard of a layout away, wherever it was written, and no other layout', async () => {
      const subject = await open();
      const { given, store, id } = subject;
      await given.applyPairs(id, four, [change(keyA, 'a1', 1)], 1);
      await given.applyPairs(id, single, [change(keyA, 'a1', 1)], 1);
      await store.applyPairs(id, four, [change(keyC, 'c2', 2)], 2);

      await store.deleteLayout(id, four);

      expect(await pairsOf(subject, four)).toStrictEqual([[], [], [], []]);
      expect(await pairsOf(subject)).toStrictEqual([[pair(keyA, 'a1')]]);
    });

    it('takes a layout away that was only there before, and lets it be written anew', async () => {
      const subject = await open();
      const { given, store, id } = subject;
      await given.applyPairs(id, four, [change(keyA, 'a5', 5), change(keyB, 'b5', 5)], 5);

      await store.deleteLayout(id, four);
      await makeLayout(store, id, four);
      await store.applyPairs(id, four, [change(keyC, 'c2', 2)], 2);

      expect(await pairsOf(subject, four)).toStrictEqual([[], [], [], [pair(keyC, 'c2')]]);
    });
  });
}
