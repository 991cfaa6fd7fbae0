import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogStream } from '../../../local/log-stream.ts';
import type { ConnectionId } from '../../../src/model/ids.ts';
import { logKey } from '../../../src/store/keys.ts';
import { readBatchItem } from '../../../src/store/log-store.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aBatch, anEventBatch, arrival } from '../store/sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const allTaken: DynamoDBBatchResponse = { batchItemFailures: [] };
const batchOf = ({ dynamodb }: DynamoDBRecord) =>
  readBatchItem(unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>));
const positionsOf = (records: readonly DynamoDBRecord[]) => records.map((record) => batchOf(record).position);

/** A connection with a log, and the stream of it before a function that remembers its invocations. */
async function openStream(
  build: (id: ConnectionId) => readonly ReturnType<typeof aBatch>[],
  onInvoke: (records: readonly DynamoDBRecord[]) => Promise<DynamoDBBatchResponse> = async () => allTaken,
) {
  const { store, id } = table.open();
  for (const batch of build(id)) await store.appendBatch(batch);
  const invocations: (readonly DynamoDBRecord[])[] = [];
  const stream = createLogStream({
    store,
    handler: async ({ Records }) => {
      invocations.push(Records);
      return onInvoke(Records);
    },
  });
  return { store, id, stream, invocations };
}

const eventLog = (count: number) => (id: ConnectionId) =>
  Array.from({ length: count }, (_, n) => anEventBatch(id, n + 1));

describe(createLogStream, () => {
  it('delivers the unpublished batches that hold events, in order', async () => {
    const { store, id, stream, invocations } = await openStream((own) => [
      anEventBatch(own, 1),
      anEventBatch(own, 2),
      aBatch(own, 3, { transitions: [arrival('silent')] }),
      anEventBatch(own, 4),
    ]);
    await store.advancePublished(id, 1);

    await stream.deliver(id);

    expect(invocations.map(positionsOf)).toStrictEqual([[2, 4]]);
  });

  it('delivers the item as it stands in the table, in the shape of an insertion', async () => {
    const { id, stream, invocations } = await openStream(eventLog(1));

    await stream.deliver(id);

    const record = invocations[0]?.[0];
    const { batch: text, ...attributes } = unmarshall(
      (record?.dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>,
    );
    const { batch: storedText, ...stored } = (await table.raw.get(logKey(id, 1))) ?? {};
    expect(record).toMatchObject({
      eventName: 'INSERT',
      dynamodb: { Keys: { pk: { S: stored.pk }, sk: { S: stored.sk } } },
    });
    expect(attributes).toStrictEqual(stored);
    expect(JSON.parse(String(text))).toStrictEqual(JSON.parse(String(storedText)));
  });

  it('invokes nobody for a log without news', async () => {
    const { id, stream, invocations } = await openStream((own) => [
      aBatch(own, 1, { transitions: [arrival('silent')] }),
    ]);

    await stream.deliver(id);

    expect(invocations).toStrictEqual([]);
  });

  it('delivers a hundred records an invocation', async () => {
    const { id, stream, invocations } = await openStream(eventLog(205));

    await stream.deliver(id);

    expect(invocations.map(({ length }) => length)).toStrictEqual([100, 100, 5]);
  });

  it('stops after an invocation that reports a failure', async () => {
    const failing = { batchItemFailures: [{ itemIdentifier: '7' }] };
    const { id, stream, invocations } = await openStream(eventLog(101), async () => failing);

    await stream.deliver(id);

    expect(invocations.map(({ length }) => length)).toStrictEqual([100]);
  });

  it('delivers again what is unpublished still, also after the function threw', async () => {
    let invoked = 0;
    const { id, stream, invocations } = await openStream(eventLog(2), async () => {
      invoked += 1;
      if (invoked === 1) throw new Error('the function died');
      return allTaken;
    });

    await expect(stream.deliver(id)).rejects.toThrow('the function died');
    await stream.deliver(id);

    expect(invocations.map(positionsOf)).toStrictEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('delivers one invocation of a connection at a time', async () => {
    let running = 0;
    let most = 0;
    const { store, id, stream, invocations } = await openStream(eventLog(3), async (records) => {
      running += 1;
      most = Math.max(most, running);
      await store.advancePublished(records[0] ? batchOf(records[0]).connectionId : id, 3);
      running -= 1;
      return allTaken;
    });

    await Promise.all([stream.deliver(id), stream.deliver(id), stream.deliver(id)]);

    expect(most).toBe(1);
    expect(invocations.map(positionsOf)).toStrictEqual([[1, 2, 3]]);
  });
});
