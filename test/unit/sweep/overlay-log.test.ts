import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { overlayLog } from '../../../src/sweep/overlay-log.ts';
import { aBatch, all } from '../store/sample-log.ts';

const id = connectionId('c');

/** A log in memory over one that holds batches at these positions. */
const logOver = (...positions: readonly number[]) =>
  overlayLog({
    async *readLog(_, afterPosition) {
      for (const position of positions) if (position > afterPosition) yield aBatch(id, position);
    },
  });

describe('a log that goes on in memory', () => {
  it('names the batch that is not there to be rewritten', async () => {
    await expect(logOver(1, 2).rewriteBatch(aBatch(id, 3))).rejects.toMatchObject({
      code: 'store.conflict',
      message: 'c: log#3 is not in the log',
      context: { item: 'log#3' },
    });
  });

  it('says nothing of what expired before its base begins', async () => {
    const log = logOver(5);

    await expect(log.rewriteBatch(aBatch(id, 4))).rejects.toMatchObject({ code: 'store.conflict' });
    expect([await log.appendBatch(aBatch(id, 5)), await log.appendBatch(aBatch(id, 6))]).toStrictEqual([
      'taken',
      'appended',
    ]);
    expect((await all(log.readLog(id, 4))).map(({ position }) => position)).toStrictEqual([5, 6]);
  });
});
