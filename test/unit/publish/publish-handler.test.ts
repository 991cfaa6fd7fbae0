import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublishHandler } from '../../../functions/publish.ts';
import type { BusFault } from '../../../local/event-bus/bus-faults.ts';
import { eventIdOf } from '../../../src/events/event-id.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import { logKey } from '../../../src/store/keys.ts';
import { logItem } from '../../../src/store/log-store.ts';
import type { Item } from '../../../src/store/table-client.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { anEventBatch } from '../store/sample-log.ts';
import { eventIds, openBus } from './open-bus.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** The stream's record of an inserted item. Lambda's numbers are long, and rise through a shard. */
function aRecord(item: Item, at: number): DynamoDBRecord {
  const image = marshall(item, { removeUndefinedValues: true });
  return {
    eventID: `record-${at}`,
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      Keys: { pk: image.pk, sk: image.sk } as never,
      NewImage: image as never,
      SequenceNumber: numberOf(at),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

const numberOf = (at: number) => `11100000000000000000000${String(at).padStart(3, '0')}`;
const failures = (...at: readonly number[]) => ({
  batchItemFailures: at.map((n) => ({ itemIdentifier: numberOf(n) })),
});

/** Two connections whose logs hold three batches with one event each, and the publish function before a bus. */
async function openHandler(faults: readonly BusFault[] = []) {
  const worker = table.open();
  const [a, b] = [worker.id, table.open().id];
  const logs = new Map([a, b].map((id) => [id, [1, 2, 3].map((position) => anEventBatch(id, position))]));
  for (const batch of [...logs.values()].flat()) await worker.store.appendBatch(batch);
  const bus = await openBus({ faults });
  const faultsSeen: (readonly [string | undefined, unknown])[] = [];
  const handler = createPublishHandler({
    ports: { store: worker.store, bus: bus.bus, protectorOf: async () => ({ protectBatch: (batch) => batch }) },
    onFault: ({ eventID }, error) => faultsSeen.push([eventID, error]),
  });
  const batch = (id: typeof a, position: number): LogBatch =>
    logs.get(id)?.[position - 1] ?? anEventBatch(id, position);
  const records = (...batches: readonly (readonly [typeof a, number])[]) => ({
    Records: batches.map(([id, position], at) => aRecord(logItem(batch(id, position)), at)),
  });
  const id = (connection: typeof a, sequence: number) => eventIdOf(connection, 1, sequence);
  return { a, b, handler, records, id, faultsSeen, store: worker.store, ...bus };
}

/** Entries of one event are refused. */
function refuse(connection: string, sequence: number, times?: number): BusFault {
  return {
    kind: 'entry_failed',
    errorCode: 'InternalFailure',
    choose: ({ Detail = '' }) =>
      Detail.includes(`"connectionId":"${connection}"`) && Detail.includes(`"sequence":${sequence},`),
    ...(times !== undefined && { times }),
  };
}

describe(createPublishHandler, () => {
  it('publishes the batches of its records in order, and reports no failure', async () => {
    const { a, b, handler, records, id, taken, store } = await openHandler();

    const answer = await handler(records([a, 1], [b, 1], [a, 2], [a, 3]));

    expect(answer).toStrictEqual(failures());
    expect(eventIds(taken)).toStrictEqual([id(a, 1), id(b, 1), id(a, 2), id(a, 3)]);
    expect([await store.readPublished(a), await store.readPublished(b)]).toStrictEqual([3, 1]);
  });

  it('publishes nothing twice when Lambda delivers twice', async () => {
    const { a, b, handler, records, id, taken } = await openHandler();

    await handler(records([a, 1], [b, 1]));
    const answer = await handler(records([a, 1], [b, 1]));

    expect(answer).toStrictEqual(failures());
    expect(eventIds(taken)).toStrictEqual([id(a, 1), id(b, 1)]);
  });

  it('reports the record that failed, holds the later ones of its connection back and publishes the other connection', async () => {
    const { a, b, handler, records, id, taken, faults, store } = await openHandler();
    faults.plant(refuse(a, 2));

    const answer = await handler(records([a, 1], [a, 2], [b, 1], [a, 3], [b, 2]));

    expect(answer).toStrictEqual(failures(1));
    expect(eventIds(taken)).toStrictEqual([id(a, 1), id(b, 1), id(b, 2)]);
    expect([await store.readPublished(a), await store.readPublished(b)]).toStrictEqual([1, 2]);
  });

  it('reports one record for each connection that failed, the lowest number first', async () => {
    const { a, b, handler, records, faults } = await openHandler();
    faults.plant(refuse(a, 2));
    faults.plant(refuse(b, 1));

    const answer = await handler(records([a, 1], [b, 1], [a, 2], [b, 2], [a, 3]));

    expect(answer).toStrictEqual(failures(1, 2));
  });

  it('publishes what failed and all that follows it when Lambda delivers from the lowest failure on', async () => {
    const { a, b, handler, records, id, taken, faults } = await openHandler();
    faults.plant(refuse(a, 2, 6));
    await handler(records([a, 1], [a, 2], [b, 1], [a, 3], [b, 2]));

    const answer = await handler(records([a, 2], [b, 1], [a, 3], [b, 2]));

    expect(answer).toStrictEqual(failures());
    expect(eventIds(taken)).toStrictEqual([id(a, 1), id(b, 1), id(b, 2), id(a, 2), id(a, 3)]);
  });

  it('holds a later batch back even where Lambda has given the failed one up', async () => {
    const { a, handler, records, taken, faults, store } = await openHandler();
    faults.plant(refuse(a, 1));
    await handler(records([a, 1]));

    const answer = await handler(records([a, 2]));

    expect(answer).toStrictEqual(failures(0));
    expect(taken).toStrictEqual([]);
    expect(await store.readPublished(a)).toBe(0);
  });

  it('publishes a batch that Lambda has given up with the next one of its connection', async () => {
    const { a, handler, records, id, taken, faults } = await openHandler();
    faults.plant(refuse(a, 1, 6));
    await handler(records([a, 1]));

    const answer = await handler(records([a, 2]));

    expect(answer).toStrictEqual(failures());
    expect(eventIds(taken)).toStrictEqual([id(a, 1), id(a, 2)]);
  });

  it.each<{ what: string; damage: object }>([
    { what: 'is empty', damage: { batch: '{}' } },
    { what: 'is no JSON', damage: { batch: '{"connectionId":' } },
    { what: 'is missing', damage: { batch: undefined } },
  ])('does not let an item whose batch $what block another connection', async ({ damage }) => {
    const { a, b, handler, records, id, taken, faultsSeen } = await openHandler();
    const poison = { ...logItem(anEventBatch(a, 1)), ...damage };
    const { Records } = records([a, 1], [b, 1], [a, 2], [b, 2]);
    await table.raw.put({ ...poison, ...logKey(a, 1) });

    const answer = await handler({ Records: [aRecord(poison, 0), ...Records.slice(1)] });

    expect(answer).toStrictEqual(failures(0));
    expect(eventIds(taken)).toStrictEqual([id(b, 1), id(b, 2)]);
    expect(faultsSeen.map(([eventId]) => eventId)).toStrictEqual(['record-0']);
  });

  it('reports a record without an image by its number', async () => {
    const { a, handler, records } = await openHandler();
    const { Records } = records([a, 1]);
    const { NewImage: _, ...change } = Records[0]?.dynamodb ?? {};

    const answer = await handler({ Records: [{ ...Records[0], dynamodb: change }] });

    expect(answer).toStrictEqual(failures(0));
  });

  it('tells why each record failed', async () => {
    const { a, handler, records, faults, faultsSeen } = await openHandler();
    faults.plant(refuse(a, 1));

    await handler(records([a, 1], [a, 2]));

    expect(faultsSeen).toMatchObject([['record-0', { code: 'publish.partial' }]]);
  });

  it('reports every connection where the bus is unreachable, and publishes all of them later', async () => {
    const { a, b, handler, records, id, taken, faults } = await openHandler();
    const outage = faults.plant({ kind: 'call_failed' });
    const during = await handler(records([a, 1], [b, 1], [a, 2]));
    outage.switchOff();

    const after = await handler(records([a, 1], [b, 1], [a, 2]));

    expect(during).toStrictEqual(failures(0, 1));
    expect(after).toStrictEqual(failures());
    expect(eventIds(taken)).toStrictEqual([id(a, 1), id(b, 1), id(a, 2)]);
  });

  it('answers an invocation without records', async () => {
    const { handler } = await openHandler();

    expect(await handler({ Records: [] })).toStrictEqual(failures());
  });
});
