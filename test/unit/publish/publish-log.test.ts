import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../src/events/event-id.ts';
import type { ConnectionId } from '../../../src/model/ids.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { BatchProtector } from '../../../src/publish/ports.ts';
import { publishBatch, publishLog } from '../../../src/publish/publish-log.ts';
import { logKey } from '../../../src/store/keys.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aBatch, anEventBatch, arrival, update, withEvent } from '../store/sample-log.ts';
import { type BusSettings, eventIds, openBus } from './open-bus.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** Nothing is masked. */
const openly: BatchProtector = { protectBatch: (batch) => batch };

/** A log of six batches: events at 1, 3 (two of them) and 6, silence at 2, a fence at 4, silence at 5. */
function sixBatches(id: ConnectionId): readonly LogBatch[] {
  const { sweep: _, ...fence } = aBatch(id, 4, { lastSequence: 3, previousEventPosition: 3 });
  return [
    aBatch(id, 1, { transitions: [withEvent(arrival('a'), 1)], lastSequence: 1 }),
    aBatch(id, 2, { transitions: [arrival('b')], lastSequence: 1, previousEventPosition: 1 }),
    aBatch(id, 3, {
      transitions: [withEvent(update('a', 2), 2), arrival('c'), withEvent(update('b', 2), 3)],
      lastSequence: 3,
      previousEventPosition: 1,
    }),
    fence,
    aBatch(id, 5, { transitions: [update('c', 2)], lastSequence: 3, previousEventPosition: 3 }),
    aBatch(id, 6, {
      connectionChanges: [{ sequence: 4, type: 'sweep_completed' }],
      lastSequence: 4,
      previousEventPosition: 3,
    }),
  ];
}

/** A connection whose log holds batches, and a bus for their events. */
async function openLog(build: (id: ConnectionId) => readonly LogBatch[], settings: BusSettings = {}) {
  const worker = table.open();
  const batches = build(worker.id);
  for (const batch of batches) await worker.store.appendBatch(batch);
  worker.wire.reset();
  const bus = await openBus(settings);
  const ids = (...sequences: readonly number[]) => sequences.map((sequence) => eventIdOf(worker.id, 1, sequence));
  const batchAt = (position: number) => batches.find((batch) => batch.position === position) ?? aBatch(worker.id, 0);
  return {
    ...worker,
    ...bus,
    ports: { store: worker.store, bus: bus.bus, protectorOf: async () => openly },
    ids,
    batchAt,
  };
}

const eventLog = (count: number) => (id: ConnectionId) =>
  Array.from({ length: count }, (_, n) => anEventBatch(id, n + 1));

/** Entries of the event with this sequence are refused. */
const refusing = (sequence: number, times?: number) => ({
  kind: 'entry_failed' as const,
  errorCode: 'InternalFailure' as const,
  choose: ({ Detail = '' }: { readonly Detail?: string | undefined }) => Detail.includes(`"sequence":${sequence},`),
  ...(times !== undefined && { times }),
});

describe(publishLog, () => {
  it('publishes the events of a log in order, and says how far it got', async () => {
    const { ports, id, taken, ids, store } = await openLog(sixBatches);

    await publishLog(ports, id);

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 3, 4));
    expect(await store.readPublished(id)).toBe(6);
  });

  it('publishes nothing twice', async () => {
    const { ports, id, taken, ids } = await openLog(sixBatches);

    await publishLog(ports, id);
    await publishLog(ports, id);

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 3, 4));
  });

  it.each([
    { upTo: 0, sequences: [], published: 0 },
    { upTo: 2, sequences: [1], published: 1 },
    { upTo: 3, sequences: [1, 2, 3], published: 3 },
    { upTo: 5, sequences: [1, 2, 3], published: 3 },
  ])('stops at position $upTo when told to', async ({ upTo, sequences, published }) => {
    const { ports, id, taken, ids, store } = await openLog(sixBatches);

    await publishLog(ports, id, upTo);

    expect(eventIds(taken)).toStrictEqual(ids(...sequences));
    expect(await store.readPublished(id)).toBe(published);
  });

  it('asks nothing of the bus for a log that is silent', async () => {
    const { ports, id, calls } = await openLog((own) => [
      aBatch(own, 1, { transitions: [arrival('a')] }),
      aBatch(own, 2),
    ]);

    await publishLog(ports, id);

    expect(calls).toStrictEqual([]);
  });

  it('stops at a batch that the bus refuses: published stays before it, and nothing after it goes out', async () => {
    const { ports, id, taken, ids, store } = await openLog(sixBatches, { faults: [refusing(3)] });

    const publishing = publishLog(ports, id);

    await expect(publishing).rejects.toMatchObject({ code: 'publish.partial' });
    expect(eventIds(taken)).toStrictEqual(ids(1, 2));
    expect(await store.readPublished(id)).toBe(1);
  });

  it('goes on from the refused batch, with the same ids, once the bus takes it', async () => {
    const { ports, id, taken, ids, store } = await openLog(sixBatches, { faults: [refusing(3, 6)] });
    await publishLog(ports, id).catch(() => undefined);

    await publishLog(ports, id);

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 2, 3, 4));
    expect(await store.readPublished(id)).toBe(6);
  });

  it('counts nothing as published where the bus is missing', async () => {
    const { ports, id, store } = await openLog(sixBatches, { busNames: [] });

    const publishing = publishLog(ports, id);

    await expect(publishing).rejects.toMatchObject({ code: 'publish.bus_missing' });
    expect(await store.readPublished(id)).toBe(0);
  });

  it('publishes the same events again after a crash before it could say so', async () => {
    const { ports, id, taken, ids, wire, store } = await openLog(eventLog(2));
    wire.tap(async (call, carryOut) => {
      if (call.operation === 'PutItem') throw new Error('the process has died');
      return carryOut();
    });
    await publishLog(ports, id).catch(() => undefined);
    wire.tap((_, carryOut) => carryOut());

    await publishLog(ports, id);

    expect(eventIds(taken)).toStrictEqual(ids(1, 1, 2));
    expect(taken[1]?.detail).toStrictEqual(taken[0]?.detail);
    expect(await store.readPublished(id)).toBe(2);
  });

  it('publishes the same events again after an answer of the bus got lost', async () => {
    const { ports, id, taken, ids } = await openLog(eventLog(1), { faults: [{ kind: 'answer_lost', times: 1 }] });
    await publishLog(ports, id).catch(() => undefined);

    await publishLog(ports, id);

    expect(eventIds(taken)).toStrictEqual(ids(1, 1));
    expect(taken[1]?.detail).toStrictEqual(taken[0]?.detail);
  });

  it('publishes nothing that stands behind an item it cannot read', async () => {
    const { ports, id, taken, ids, store } = await openLog(eventLog(3));
    await table.raw.put({ ...logKey(id, 2), batch: '{}' });

    const publishing = publishLog(ports, id);

    await expect(publishing).rejects.toMatchObject({ code: 'internal.invariant' });
    expect(eventIds(taken)).toStrictEqual(ids(1));
    expect(await store.readPublished(id)).toBe(1);
  });
});

describe(publishBatch, () => {
  it('publishes the next batch without a look at the log', async () => {
    const { ports, taken, ids, batchAt, wire } = await openLog(sixBatches);

    for (const position of [1, 3, 6]) await publishBatch(ports, batchAt(position));

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 3, 4));
    expect(wire.calls.map(({ operation }) => operation)).not.toContain('Query');
  });

  it('skips a batch that is published already', async () => {
    const { ports, id, calls, batchAt, store } = await openLog(sixBatches);
    await store.advancePublished(id, 3);

    await publishBatch(ports, batchAt(1));
    await publishBatch(ports, batchAt(3));

    expect(calls).toStrictEqual([]);
    expect(await store.readPublished(id)).toBe(3);
  });

  it('publishes what is missing before a batch from the log, in order', async () => {
    const { ports, id, taken, ids, batchAt, store } = await openLog(sixBatches);

    await publishBatch(ports, batchAt(6));

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 3, 4));
    expect(await store.readPublished(id)).toBe(6);
  });

  it('publishes batches in order, and each once, that come in another order', async () => {
    const { ports, taken, ids, batchAt } = await openLog(eventLog(4));

    for (const position of [3, 1, 2, 4, 3]) await publishBatch(ports, batchAt(position));

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 3, 4));
  });

  it('publishes nothing of a batch while one before it cannot be published', async () => {
    const { ports, id, taken, ids, batchAt, store } = await openLog(sixBatches, { faults: [refusing(2)] });

    const publishing = publishBatch(ports, batchAt(6));

    await expect(publishing).rejects.toMatchObject({ code: 'publish.partial' });
    expect(eventIds(taken)).toStrictEqual(ids(1, 3));
    expect(await store.readPublished(id)).toBe(1);
  });

  it('publishes nothing of a batch while one before it cannot be read', async () => {
    const { ports, id, taken, batchAt, store } = await openLog(eventLog(3));
    await table.raw.put({ ...logKey(id, 1), batch: '{}' });

    const publishing = publishBatch(ports, batchAt(3));

    await expect(publishing).rejects.toMatchObject({ code: 'internal.invariant' });
    expect(taken).toStrictEqual([]);
    expect(await store.readPublished(id)).toBe(0);
  });

  it('moves over a silent batch without a call of the bus', async () => {
    const { ports, id, calls, batchAt, store } = await openLog(sixBatches);
    await store.advancePublished(id, 3);

    await publishBatch(ports, batchAt(5));

    expect(calls).toStrictEqual([]);
    expect(await store.readPublished(id)).toBe(5);
  });

  it('does not move over unpublished events with a silent batch', async () => {
    const { ports, taken, ids, batchAt } = await openLog(sixBatches);

    await publishBatch(ports, batchAt(5));

    expect(eventIds(taken)).toStrictEqual(ids(1, 2, 3));
  });

  it('may publish twice when two publishers meet, but never leaves anything out or moves back', async () => {
    const { ports, id, taken, ids, batchAt, store } = await openLog(eventLog(5));

    await Promise.all([publishLog(ports, id), publishBatch(ports, batchAt(5)), publishBatch(ports, batchAt(2))]);

    expect(new Set(eventIds(taken))).toStrictEqual(new Set(ids(1, 2, 3, 4, 5)));
    expect(await store.readPublished(id)).toBe(5);
  });
});
