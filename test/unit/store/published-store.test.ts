import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdBefore, loseAnswer, startTestTable, type TestTable } from '../../support/test-table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('advancePublished', () => {
  it('begins at nothing', async () => {
    const { store, id } = table.open();

    expect(await store.readPublished(id)).toBe(0);
  });

  it('moves forward and never back', async () => {
    const { store, id } = table.open();
    const seen: number[] = [];

    for (const position of [3, 2, 3, 10, 9, 100]) {
      await store.advancePublished(id, position);
      seen.push(await store.readPublished(id));
    }

    expect(seen).toStrictEqual([3, 3, 3, 10, 10, 100]);
  });

  it('is not moved back by a publisher who wakes up late', async () => {
    const slow = table.open();
    const { tap, reached, goOn } = holdBefore('PutItem');
    slow.wire.tap(tap);
    const late = slow.store.advancePublished(slow.id, 4);
    await reached;
    await table.open({ id: slow.id }).store.advancePublished(slow.id, 5);
    goOn();

    await late;

    expect(await slow.store.readPublished(slow.id)).toBe(5);
  });

  it('holds when the answer got lost and the client asked again', async () => {
    const { store, id, wire } = table.open({ attempts: 2 });
    wire.tap(loseAnswer('PutItem'));

    await store.advancePublished(id, 4);

    expect(await store.readPublished(id)).toBe(4);
  });

  it('leaves other connections alone', async () => {
    const { store, id } = table.open();
    const other = table.open();

    await store.advancePublished(id, 4);

    expect(await other.store.readPublished(other.id)).toBe(0);
  });
});

describe('readPublished', () => {
  it('reads strongly consistent', async () => {
    const { store, id, wire } = table.open();

    await store.readPublished(id);

    expect(wire.calls.map(({ input }) => input.ConsistentRead)).toStrictEqual([true]);
  });
});
