import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import { aBatch, all, arrival, update } from '../store/sample-log.ts';
import type { OpenSubject } from './store-contract.ts';

const positionsOf = (batches: readonly LogBatch[]) => batches.map(({ position }) => position);

export function logContract(open: OpenSubject): void {
  describe('appendBatch', () => {
    it('goes on where the log ends', async () => {
      const { given, store, id } = await open();
      await given.appendBatch(aBatch(id, 1));
      const next = aBatch(id, 2, { transitions: [arrival('a')] });

      const answer = await store.appendBatch(next);

      expect(answer).toBe('appended');
      expect(await all(store.readLog(id, 1))).toStrictEqual([next]);
    });

    it.each([1, 2, 3])('answers taken at position %i of a log of three, and changes nothing', async (position) => {
      const { given, store, id } = await open();
      const there = [1, 2, 3].map((at) => aBatch(id, at));
      for (const batch of there) await given.appendBatch(batch);

      const answer = await store.appendBatch(aBatch(id, position, { leaseToken: 9 }));

      expect(answer).toBe('taken');
      expect(await all(store.readLog(id, 0))).toStrictEqual(there);
    });

    it('answers appended to the same batch again, and keeps it once', async () => {
      const { given, store, id } = await open();
      await given.appendBatch(aBatch(id, 1));
      await store.appendBatch(aBatch(id, 2, { leaseToken: 9 }));

      const answers = [
        await store.appendBatch(aBatch(id, 2, { leaseToken: 9 })),
        await store.appendBatch(aBatch(id, 2, { leaseToken: 8 })),
      ];

      expect(answers).toStrictEqual(['appended', 'taken']);
      expect(await all(store.readLog(id, 1))).toStrictEqual([aBatch(id, 2, { leaseToken: 9 })]);
    });

    it('gives one position to one of those who append at once', async () => {
      const { store, id } = await open();

      const answers = await Promise.all(
        [1, 2, 3].map((leaseToken) => store.appendBatch(aBatch(id, 1, { leaseToken }))),
      );

      expect([...answers].sort()).toStrictEqual(['appended', 'taken', 'taken']);
      expect(await all(store.readLog(id, 0))).toHaveLength(1);
    });
  });

  describe('readLog', () => {
    it('yields the batches after a position in the order of their numbers', async () => {
      const { given, store, id } = await open();
      for (const position of [8, 9, 11]) await given.appendBatch(aBatch(id, position));
      for (const position of [10, 100, 12]) await store.appendBatch(aBatch(id, position));

      expect(positionsOf(await all(store.readLog(id, 0)))).toStrictEqual([8, 9, 10, 11, 12, 100]);
      expect(positionsOf(await all(store.readLog(id, 9)))).toStrictEqual([10, 11, 12, 100]);
      expect(positionsOf(await all(store.readLog(id, 11)))).toStrictEqual([12, 100]);
      expect(positionsOf(await all(store.readLog(id, 100)))).toStrictEqual([]);
    });

    it('yields nothing of another connection', async () => {
      const { given, store, id } = await open();
      await given.appendBatch(aBatch(id, 1));
      await store.appendBatch(aBatch(id, 2));

      expect(await all(store.readLog(connectionId(`${id}-other`), 0))).toStrictEqual([]);
    });
  });

  describe('rewriteBatch', () => {
    it('replaces a batch where it stands', async () => {
      const { given, store, id } = await open();
      const [first, second, third] = [1, 2, 3].map((at) => aBatch(id, at, { transitions: [update('u', at)] }));
      await given.appendBatch(first as LogBatch);
      await given.appendBatch(second as LogBatch);
      await store.appendBatch(third as LogBatch);
      const [erased, erasedToo] = [aBatch(id, 1), aBatch(id, 3)];

      await store.rewriteBatch(erased);
      await store.rewriteBatch(erasedToo);

      expect(await all(store.readLog(id, 0))).toStrictEqual([erased, second, erasedToo]);
    });

    it('refuses a batch that is not in the log, and puts none there', async () => {
      const { given, store, id } = await open();
      await given.appendBatch(aBatch(id, 1));

      const rewriting = store.rewriteBatch(aBatch(id, 2));

      await expect(rewriting).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await all(store.readLog(id, 0))).toStrictEqual([aBatch(id, 1)]);
    });
  });

  describe('advancePublished', () => {
    it('begins at nothing', async () => {
      const { store, id } = await open();

      expect(await store.readPublished(id)).toBe(0);
    });

    it.each([
      { to: 4, reached: 5 },
      { to: 5, reached: 5 },
      { to: 6, reached: 6 },
    ])('is at $reached when it is moved from 5 to $to', async ({ to, reached }) => {
      const { given, store, id } = await open();
      await given.advancePublished(id, 5);

      await store.advancePublished(id, to);

      expect(await store.readPublished(id)).toBe(reached);
    });

    it('ignores a smaller position than the one it was moved to', async () => {
      const { store, id } = await open();
      await store.advancePublished(id, 9);

      await store.advancePublished(id, 3);

      expect(await store.readPublished(id)).toBe(9);
    });
  });
}
