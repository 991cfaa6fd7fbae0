import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import type { FeedMark } from '../../../src/model/feed-mark.ts';
import { epochMs } from '../../../src/model/instant.ts';
import { createEpochGuard, type MarkPorts } from '../../../src/sweep/epoch-guard.ts';
import { at } from '../../support/builders.ts';

const recovered = { by: 'ada', at: at(-10) };

/** A guard over a mark, a table and connections, and what it writes. */
function guardOver(
  mark: FeedMark | FeedError,
  { table = 'one', highest = 0, ...ports }: Partial<MarkPorts> & { table?: string; highest?: number } = {},
) {
  const written: FeedMark[] = [];
  const asked: string[] = [];
  const guard = createEpochGuard({
    place: 'the mark',
    recovery: 'ucf recover',
    async readMark() {
      if (mark instanceof FeedError) throw mark;
      return mark;
    },
    writeMark: async (next) => void written.push(next),
    readTable: async () => table,
    async readHighestEpoch() {
      asked.push('highest');
      return highest;
    },
    nowMs: () => epochMs(at(0)),
    ...ports,
  });
  return { guard, written, asked };
}

const marked: FeedMark = { epoch: 3, tables: ['one', 'two'], recovered };
const unclaimed: FeedMark = { epoch: 3, tables: [], recovered };
const lost = new FeedError('config.invalid', 'there is no mark', { faults: [] });

describe('the guard of a table', () => {
  it('judges it by its name and by every connection', async () => {
    const verdictOf = (mark: FeedMark, given = {}) => guardOver(mark, given).guard.read();

    expect(await verdictOf(marked, { table: 'two', highest: 3 })).toStrictEqual({ kind: 'current', epoch: 3 });
    expect(await verdictOf(marked, { table: 'three' })).toStrictEqual({ kind: 'restored', epoch: 3 });
    expect(await verdictOf(marked, { highest: 4 })).toStrictEqual({ kind: 'ahead', epoch: 3 });
    expect(await verdictOf(unclaimed)).toStrictEqual({ kind: 'unclaimed', epoch: 3 });
  });

  it('lets go on who goes on with the table that is named, and writes nothing', async () => {
    const { guard, written, asked } = guardOver(marked);

    expect(await guard.claim(3)).toBe(3);
    expect([written, asked]).toStrictEqual([[], []]);
  });

  it('stops whoever goes on with another table, or with a connection that is ahead of the mark', async () => {
    const restored = guardOver(marked, { table: 'three' });
    await expect(restored.guard.claim(3)).rejects.toMatchObject({
      code: 'store.restored',
      message:
        'the table was restored from a backup or replaced: the mark names another one, at epoch 3; sweeps stop, for they would use event ids a second time: ucf recover',
      context: { epoch: 3 },
    });
    await expect(guardOver(marked).guard.claim(4)).rejects.toMatchObject({
      code: 'store.restored',
      message:
        'a connection has a higher epoch than the mark, which says 3 and was put back or written anew; sweeps stop, for they would use event ids a second time: ucf recover',
    });
    expect(restored.written).toStrictEqual([]);
  });

  it('names the table in a mark that names none, once every connection agrees', async () => {
    const { guard, written } = guardOver(unclaimed, { highest: 3 });

    expect(await guard.claim(0)).toBe(3);
    expect(written).toStrictEqual([{ epoch: 3, tables: ['one'], recovered }]);
  });

  it('names no table in a mark that was written anew over an older one', async () => {
    const { guard, written } = guardOver(unclaimed, { highest: 4 });

    await expect(guard.claim(0)).rejects.toMatchObject({ code: 'store.restored' });
    expect(written).toStrictEqual([]);
  });
});

describe('the recovery of a table', () => {
  it.each([
    ['the mark', marked, 2, 4],
    ['a connection', marked, 7, 8],
    ['nobody, where the mark is lost and nothing was swept', lost, 0, 2],
    ['a connection, where the mark is lost', lost, 5, 6],
  ] as const)('goes on under an epoch above that of %s', async (_, mark, highest, epoch) => {
    const { guard, written } = guardOver(mark, { table: 'three', highest });

    expect(await guard.recover('eve')).toBe(epoch);
    expect(written).toStrictEqual([{ epoch, tables: ['three'], recovered: { by: 'eve', at: at(0) } }]);
  });

  it('waits where the mark cannot be asked for', async () => {
    const outage = new FeedError('store.unavailable', 'nobody answers', { item: 'the mark' });
    const { guard, written } = guardOver(outage);

    await expect(guard.recover('eve')).rejects.toBe(outage);
    expect(written).toStrictEqual([]);
  });
});
