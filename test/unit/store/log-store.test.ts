import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import { logKey } from '../../../src/store/keys.ts';
import { logItem, readBatchItem } from '../../../src/store/log-store.ts';
import { holdBefore, loseAnswer, startTestTable, type TestTable } from '../../support/test-table.ts';
import { aBatch, all, anEventBatch, arrival, aUser, update, withEvent } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('appendBatch', () => {
  it('appends a batch and reads it back as it is', async () => {
    const { store, id } = table.open();
    const batch = anEventBatch(id, 1, { transitions: [withEvent(arrival('ümläut #1 🦊'), 1, { restored: true })] });

    const answer = await store.appendBatch(batch);

    expect(answer).toBe('appended');
    expect(await all(store.readLog(id, 0))).toStrictEqual([batch]);
  });

  it('answers taken to a second writer of a position, whose batch is nowhere', async () => {
    const { store, id } = table.open();
    const first = aBatch(id, 1, { leaseToken: 5 });
    await store.appendBatch(first);

    const answer = await store.appendBatch(aBatch(id, 1, { leaseToken: 6, transitions: [arrival('u')] }));

    expect(answer).toBe('taken');
    expect(await all(store.readLog(id, 0))).toStrictEqual([first]);
  });

  it('answers taken to a late writer of an older lease', async () => {
    const { store, id } = table.open();
    const late = table.open({ id });
    const { tap, reached, goOn } = holdBefore('PutItem');
    late.wire.tap(tap);
    const appending = late.store.appendBatch(aBatch(id, 1, { leaseToken: 5, transitions: [arrival('u')] }));
    await reached;
    const { sweep: _, ...fence } = aBatch(id, 1, { leaseToken: 6 });
    await store.appendBatch(fence);
    goOn();

    expect(await appending).toBe('taken');
    expect(await all(store.readLog(id, 0))).toStrictEqual([fence]);
  });

  it('answers appended to the writer who repeats his own batch', async () => {
    const { store, id } = table.open();
    await store.appendBatch(anEventBatch(id, 1));

    const answer = await store.appendBatch(anEventBatch(id, 1));

    expect(answer).toBe('appended');
    expect(await all(store.readLog(id, 0))).toStrictEqual([anEventBatch(id, 1)]);
  });

  it('answers appended when the answer got lost and the client asked again', async () => {
    const { store, id, wire } = table.open({ attempts: 2 });
    wire.tap(loseAnswer('PutItem'));

    const answer = await store.appendBatch(anEventBatch(id, 1));

    expect(answer).toBe('appended');
    expect(wire.calls.map(({ operation }) => operation)).toStrictEqual(['PutItem', 'PutItem', 'GetItem']);
  });

  it('throws when the answer stays lost, and the batch is in the log for the next lease to find', async () => {
    const { store, id, wire } = table.open();
    wire.tap(loseAnswer('PutItem'));

    const appending = store.appendBatch(anEventBatch(id, 1));

    await expect(appending).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await all(store.readLog(id, 0))).toStrictEqual([anEventBatch(id, 1)]);
  });

  it('gives one position to one of several writers', async () => {
    const { store, id } = table.open();
    const writers = [1, 2, 3, 4, 5, 6].map((leaseToken) => ({ ...table.open({ id }), leaseToken }));

    const answers = await Promise.all(
      writers.map((writer) => writer.store.appendBatch(aBatch(id, 1, { leaseToken: writer.leaseToken }))),
    );

    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1);
    expect(await all(store.readLog(id, 0))).toHaveLength(1);
  });
});

describe('readLog', () => {
  it('yields nothing where nothing was committed', async () => {
    const { store, id } = table.open();

    expect(await all(store.readLog(id, 0))).toStrictEqual([]);
  });

  it('yields batches after a position in the order of positions, not of writing or text', async () => {
    const { store, id } = table.open();
    for (const position of [100, 2, 10, 1, 9, 11]) await store.appendBatch(aBatch(id, position));

    const positions = (await all(store.readLog(id, 2))).map(({ position }) => position);

    expect(positions).toStrictEqual([9, 10, 11, 100]);
  });

  it('leaves the logs of other connections alone', async () => {
    const { store, id } = table.open();
    const other = table.open();
    await other.store.appendBatch(aBatch(other.id, 1));

    expect(await all(store.readLog(id, 0))).toStrictEqual([]);
  });

  it('goes on where one answer of the table ends', async () => {
    const { store, id, wire } = table.open();
    const bio = 'b'.repeat(300_000);
    const batches = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      aBatch(id, n, { transitions: [arrival('u', { user: aUser('u', { bio }) })] }),
    );
    for (const batch of batches) await store.appendBatch(batch);
    wire.reset();

    const positions = (await all(store.readLog(id, 1))).map(({ position }) => position);

    expect(positions).toStrictEqual([2, 3, 4, 5, 6, 7]);
    expect(wire.calls.length).toBeGreaterThan(1);
  });

  it('asks for nothing more once its reader has stopped', async () => {
    const { store, id, wire } = table.open();
    for (let n = 1; n <= 9; n += 1)
      await store.appendBatch(
        aBatch(id, n, { transitions: [arrival('u', { user: aUser('u', { bio: 'b'.repeat(300_000) }) })] }),
      );
    wire.reset();

    for await (const { position } of store.readLog(id, 0)) if (position === 1) break;

    expect(wire.calls).toHaveLength(1);
  });

  it('reads strongly consistent', async () => {
    const { store, id, wire } = table.open();

    await all(store.readLog(id, 0));

    expect(wire.calls.map(({ input }) => input.ConsistentRead)).toStrictEqual([true]);
  });

  it('yields what stands before an item that is no batch, and then refuses to go on', async () => {
    const { store, id } = table.open();
    await store.appendBatch(aBatch(id, 1));
    await table.raw.put({ ...logKey(id, 2), note: 'nothing of ours' });
    await store.appendBatch(aBatch(id, 3));
    const read: LogBatch[] = [];

    const reading = (async () => {
      for await (const batch of store.readLog(id, 0)) read.push(batch);
    })();

    await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
    expect(read.map(({ position }) => position)).toStrictEqual([1]);
  });
});

describe(readBatchItem, () => {
  const batch = anEventBatch('connection' as never, 12, { transitions: [withEvent(update('secret user', 3), 1)] });

  it.each([
    ['no batch', undefined],
    ['null', null],
    ['a list', []],
    ['a batch without transitions', { ...batch, transitions: undefined }],
    ['a batch without a lease token', { ...batch, leaseToken: undefined }],
    ['a position that is no number', { ...batch, position: '12' }],
    ['a transition without an entry', { ...batch, transitions: [{}] }],
    ['a change without a sequence', { ...batch, connectionChanges: [{ type: 'sweep_completed' }] }],
  ])('refuses %s and names the item', (_, written) => {
    const text = written === undefined ? {} : { batch: JSON.stringify(written) };
    const item = { ...logItem(batch), batch: undefined, ...text };

    expect(() => readBatchItem(item)).toThrow(
      expect.objectContaining({
        code: 'internal.invariant',
        context: { invariant: 'log_item_readable' },
        message: expect.stringMatching(/^connection#connection#log log#000000000012 cannot be read \([^)]*\)$/),
      }),
    );
  });

  it.each(['', '{"connectionId":', 'secret user'])('refuses the text %j and names the item', (text) => {
    const item = { ...logItem(batch), batch: text };

    expect(() => readBatchItem(item)).toThrow(expect.objectContaining({ code: 'internal.invariant' }));
  });
});
