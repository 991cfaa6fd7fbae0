import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logKey } from '../../../src/store/keys.ts';
import { readBatchItem } from '../../../src/store/log-store.ts';
import { holdBefore, loseAnswer, startTestTable, type TestTable } from '../../support/test-table.ts';
import { aBatch, all, anEntry, anEventBatch, arrival, aUser, noon, update, withEvent } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('rewriteBatch', () => {
  it('replaces a batch, which keeps its key, its end and its mark for the stream', async () => {
    const { store, id } = table.open();
    const batch = anEventBatch(id, 1, { transitions: [withEvent(arrival('ada'), 1), arrival('bob')] });
    await store.appendBatch(batch);
    const key = logKey(id, 1);
    // As an older version left it, which kept its log for longer.
    await table.raw.update(key, 'SET expiresAt = :later', {
      expression: 'attribute_exists(pk)',
      values: { ':later': 4_000_000_000 },
    });
    const before = await table.raw.get(key);
    const erased = { ...batch, transitions: [arrival('bob')] };

    await store.rewriteBatch(erased);

    const item = (await table.raw.get(key)) ?? {};
    expect(await all(store.readLog(id, 0))).toStrictEqual([erased]);
    expect(readBatchItem(item)).toStrictEqual(erased);
    expect({ ...item, batch: undefined }).toStrictEqual({ ...before, batch: undefined });
    expect(item).toMatchObject({ holdsEvents: 'yes', expiresAt: 4_000_000_000 });
    expect(JSON.stringify(item)).not.toContain('ada');
  });

  it('refuses a batch that is not in the log, and does not put it there', async () => {
    const { store, id } = table.open();
    await store.appendBatch(aBatch(id, 1));

    const rewriting = store.rewriteBatch(aBatch(id, 2));

    await expect(rewriting).rejects.toMatchObject({
      code: 'store.conflict',
      context: { item: `connection#${id}#log log#000000000002` },
      message: `connection#${id}#log log#000000000002 is not in the log`,
    });
    expect(await all(store.readLog(id, 0))).toStrictEqual([aBatch(id, 1)]);
  });

  it('does not bring back a batch that expired in the meantime', async () => {
    const { store, id, wire } = table.open();
    await store.appendBatch(aBatch(id, 1));
    const { tap, reached, goOn } = holdBefore('UpdateItem');
    wire.tap(tap);
    const rewriting = store.rewriteBatch(aBatch(id, 1)).catch((error: unknown) => error);
    await reached;
    await table.raw.delete(logKey(id, 1));
    goOn();

    expect(await rewriting).toMatchObject({ code: 'store.conflict' });
    expect(await all(store.readLog(id, 0))).toStrictEqual([]);
  });

  it('holds when the answer got lost and the client asked again', async () => {
    const { store, id, wire } = table.open({ attempts: 2 });
    await store.appendBatch(anEventBatch(id, 1));
    wire.tap(loseAnswer('UpdateItem'));

    await store.rewriteBatch(aBatch(id, 1));

    expect(await all(store.readLog(id, 0))).toStrictEqual([aBatch(id, 1)]);
  });
});

describe('rewriteEntry', () => {
  const present = anEntry('u', { revision: 7, user: aUser('u', { bio: 'Ada' }), deletedAt: noon });

  it('replaces an entry of the same revision, whole', async () => {
    const { store, id } = table.open();
    await store.writeEntries(id, [present]);
    const erased = anEntry('u', { revision: 7, presence: 'gone' });

    await store.rewriteEntry(id, erased);

    expect(await all(store.readAllEntries(id))).toStrictEqual([erased]);
  });

  it('stays as it was rewritten when its batch is applied again', async () => {
    const { store, id } = table.open();
    await store.writeEntries(id, [present]);
    await store.rewriteEntry(id, anEntry('u', { revision: 7 }));

    await store.writeEntries(id, [update('u', 7, present).entry]);

    expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('u', { revision: 7 })]);
  });

  it.each([
    { what: 'an older one', revision: 6 },
    { what: 'a newer one', revision: 8 },
  ])('refuses where $what stands, and leaves it', async ({ revision }) => {
    const { store, id } = table.open();
    await store.writeEntries(id, [anEntry('u', { revision })]);

    const rewriting = store.rewriteEntry(id, present);

    await expect(rewriting).rejects.toMatchObject({
      code: 'store.conflict',
      context: { item: expect.stringMatching(/^connection#.*#entries#. [0-9a-f]{16}#u$/) },
    });
    expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('u', { revision })]);
  });

  it('refuses an entry that is not there, and does not put it there', async () => {
    const { store, id } = table.open();

    const rewriting = store.rewriteEntry(id, present);

    await expect(rewriting).rejects.toMatchObject({ code: 'store.conflict' });
    expect(await all(store.readAllEntries(id))).toStrictEqual([]);
  });
});
