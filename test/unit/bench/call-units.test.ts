import { describe, expect, it, onTestFinished } from 'vitest';
import { unitsOfGets, unitsOfQuery, unitsOfWrite } from '../../../bench/call-units.ts';
import { type WatchedCall, watchCalls } from '../../../bench/call-watch.ts';
import { startMeteredFeed } from '../../../bench/metered-feed.ts';

const kilobytes = (count: number) => ({ a: 'x'.repeat(count * 1024 - 1) });

describe('units of a call', () => {
  it('of a query are those of all its items together', () => {
    const items = Array.from({ length: 8 }, () => kilobytes(1));

    expect(unitsOfQuery({ items, isConsistent: true })).toBe(2);
    expect(unitsOfQuery({ items, isConsistent: false })).toBe(1);
    expect(unitsOfQuery({ items: [], isConsistent: false })).toBe(0.5);
  });

  it('of a batch of single items are rounded up for each, missing ones included', () => {
    const items = Array.from({ length: 8 }, () => kilobytes(1));

    expect(unitsOfGets({ items, isConsistent: true }, 2)).toBe(10);
    expect(unitsOfGets({ items, isConsistent: false }, 2)).toBe(5);
  });

  it.each([
    { what: 'a new item', before: undefined, after: kilobytes(3), units: 3 },
    { what: 'an item that shrinks', before: kilobytes(3), after: kilobytes(1), units: 3 },
    { what: 'an item that grows by a byte', before: kilobytes(1), after: { ...kilobytes(1), b: '' }, units: 2 },
    { what: 'an item that is deleted', before: kilobytes(2), after: undefined, units: 2 },
    { what: 'an item that was not there', before: undefined, after: undefined, units: 1 },
  ])('of writing $what are $units', ({ before, after, units }) => {
    expect(unitsOfWrite(before, after)).toBe(units);
  });
});

describe('units of a sweep', () => {
  it('are for every call, from dispatch to published, those that follow from the sizes of its items', async () => {
    let calls: readonly WatchedCall[] = [];
    const feed = await startMeteredFeed(400, {
      userBytes: 1_000,
      onClients: ({ table }) => {
        const watch = watchCalls(table);
        onTestFinished(watch.close);
        calls = watch.calls;
      },
    });
    onTestFinished(feed.close);

    await feed.sweep();
    const before = calls.length;
    const { reads } = await feed.sweep();
    const ofReads = calls.slice(before).filter(({ operation }) => /Get|Query/.test(operation));
    feed.change(60);
    await feed.sweep();
    await feed.idleMinute();

    const different = calls.filter(({ reported, calculated }) => reported !== calculated);
    // The emulator wants nothing for a query that finds nothing; the service does, and so does the bench.
    expect(different.filter(({ isEmptyQuery, reported }) => !isEmptyQuery || reported !== 0)).toStrictEqual([]);
    expect(different.every(({ calculated }) => calculated === 0.5 || calculated === 1)).toBe(true);
    expect(reads).toBe(ofReads.reduce((sum, { calculated }) => sum + calculated, 0));
    const operations = Object.groupBy(calls, ({ operation }) => operation);
    expect(Object.keys(operations).toSorted()).toStrictEqual([
      'BatchGetItem',
      'BatchWriteItem',
      'DescribeTable',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    ]);
    expect(operations.Query?.some(({ reported }) => reported > 1)).toBe(true);
  }, 60_000);
});
