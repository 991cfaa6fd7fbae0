import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { localRegion } from '../../../local/embedded-table.ts';
import { isFeedError } from '../../../src/model/feed-error.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import { createStore, type FeedStore } from '../../../src/store/create-store.ts';
import type { Key } from '../../../src/store/keys.ts';
import { createTableClient, type TableClient } from '../../../src/store/table-client.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { answerJson, startVendorServer } from '../../support/vendor-server.ts';
import { aRecord, aRequest } from './sample-hold.ts';
import { aBatch, all, anEntry, aState, askAt, aUser, keyHashOf } from './sample-log.ts';
import { startStingyTable } from './stingy-table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const secrets = { accessKeyId: 'AKIASECRETSECRET', secretAccessKey: 'wJalrSECRETSECRET' };

function connect(endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: secrets, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

type OpenTable = { readonly table: TableClient; readonly pauses: readonly number[]; readonly asked: readonly number[] };

/** A table client before a table that takes so many of each batch. */
async function openStingyTable(taken: number): Promise<OpenTable> {
  const stingy = await startStingyTable(table.endpoint, table.tableName, taken);
  onTestFinished(() => stingy.close());
  const pauses: number[] = [];
  const documents = DynamoDBDocumentClient.from(connect(stingy.endpoint));
  const sleep = async (ms: number) => void pauses.push(ms);
  return { table: createTableClient(documents, table.tableName, sleep), pauses, asked: stingy.asked };
}

const itemsOf = (pk: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ pk, sk: String(n).padStart(4, '0'), bytes: new Uint8Array([n % 256]) }));
const keysOf = (items: readonly Key[]): Key[] => items.map(({ pk, sk }) => ({ pk, sk }));
const sortKeys = (items: readonly object[]) => items.map((item) => (item as Key).sk).sort();

function readPartition(pk: string) {
  return all(
    table.raw.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    }),
  );
}

describe('putMany', () => {
  it('writes 25 items a call', async () => {
    const { table: own, wire } = table.open();
    const items = itemsOf('twenty-five a call', 60);

    await own.putMany(items);

    expect(wire.calls).toHaveLength(3);
    expect(await readPartition('twenty-five a call')).toStrictEqual(items);
  });

  it('asks again for the items that were not processed, and for them alone', async () => {
    const own = await openStingyTable(10);
    const items = itemsOf('some unprocessed', 25);

    await own.table.putMany(items);

    expect(own.asked).toStrictEqual([25, 15, 5]);
    expect(await readPartition('some unprocessed')).toStrictEqual(items);
  });

  it('pauses between tries, longer each time, without waiting for a clock of its own', async () => {
    const own = await openStingyTable(0);

    await own.table.putMany(itemsOf('pauses', 25)).catch(() => undefined);

    expect(own.pauses).toHaveLength(own.asked.length - 1);
    expect(own.pauses).toStrictEqual([...new Set(own.pauses)].sort((a, b) => a - b));
  });

  it('gives up on a table that takes nothing', async () => {
    const own = await openStingyTable(0);

    const writing = own.table.putMany(itemsOf('nothing taken', 3));

    await expect(writing).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(own.asked.length).toBeLessThanOrEqual(10);
  });
});

describe('deleteMany', () => {
  it('asks again for the keys that were not processed', async () => {
    const items = itemsOf('doomed', 25);
    await table.raw.putMany(items);
    const own = await openStingyTable(10);

    await own.table.deleteMany(keysOf(items));

    expect(own.asked).toStrictEqual([25, 15, 5]);
    expect(await readPartition('doomed')).toStrictEqual([]);
  });
});

describe('getMany', () => {
  it('asks again for the keys that were not processed, strongly consistent as before', async () => {
    const items = itemsOf('unprocessed keys', 100);
    await table.raw.putMany(items);
    const own = await openStingyTable(30);

    const found = await own.table.getMany(keysOf(items));

    expect(own.asked).toStrictEqual([100, 70, 40, 10]);
    expect(sortKeys(found)).toStrictEqual(sortKeys(items));
  });

  it('gives up on a table that answers nothing', async () => {
    const own = await openStingyTable(0);

    const reading = own.table.getMany(keysOf(itemsOf('nothing answered', 2)));

    await expect(reading).rejects.toMatchObject({
      code: 'store.unavailable',
      context: { item: expect.stringContaining('2 items') },
    });
  });

  it('goes on as long as every answer brings something', async () => {
    const items = itemsOf('little by little', 40);
    await table.raw.putMany(items);
    const own = await openStingyTable(4);

    const found = await own.table.getMany(keysOf(items));

    expect(sortKeys(found)).toStrictEqual(sortKeys(items));
  });
});

/** Calls of the store that a fault of the table can hit, and the item that its error has to name. */
const itemCalls: readonly (readonly [string, string, (store: FeedStore) => Promise<unknown>])[] = [
  ['readState', 'state', (store) => store.readState(id)],
  ['acquireLease', 'state', (store) => store.acquireLease(id, askAt(0))],
  ['saveState', 'state', (store) => store.saveState(lease, aState())],
  ['abandonLease', 'state', (store) => store.abandonLease(lease, 0)],
  ['appendBatch', 'log#000000000007', (store) => store.appendBatch(aBatch(id, 7))],
  ['writeEntries', `${keyHashOf('u-1')}#u-1`, (store) => store.writeEntries(id, [person])],
  ['applyPairs', 'shard#00000000', (store) => store.applyPairs(id, layout, [{ ...person, position: 1 }], 1)],
  ['writeBlob', 'absent#000000', (store) => store.writeBlob(id, 'absent', new Uint8Array(1))],
  ['readBlob', 'absent#000000', (store) => store.readBlob(id, 'absent')],
  ['readReport', 'sweep#s', (store) => store.readReport(id, sweepId('s'))],
  ['writeHold', 'hold#h', (store) => store.writeHold(aRecord(id, 'h'))],
  ['writeRequest', 'request#r', (store) => store.writeRequest(aRequest(id, 'r'))],
  ['deleteRequest', 'request#r', (store) => store.deleteRequest(aRequest(id, 'r'))],
  ['rewriteBatch', 'log#000000000007', (store) => store.rewriteBatch(aBatch(id, 7))],
  ['rewriteEntry', `${keyHashOf('u-1')}#u-1`, (store) => store.rewriteEntry(id, person)],
  ['deleteConnection', 'settings', (store) => store.deleteConnection(id)],
  ['readPublished', 'published', (store) => store.readPublished(id)],
];
const otherCalls: readonly (readonly [string, (store: FeedStore) => Promise<unknown>])[] = [
  ['readEntries', (store) => store.readEntries(id, [person])],
  ['writeLayout', (store) => store.writeLayout(id, layout, [new Uint8Array(16)], 1)],
  ['readLog', (store) => all(store.readLog(id, 0))],
  ['loadShards', (store) => store.loadShards(id, layout)],
  ['readAllEntries', (store) => all(store.readAllEntries(id))],
  ['deleteBlobs', (store) => store.deleteBlobs(id, ['absent'])],
  ['listReports', (store) => all(store.listReports(id))],
  ['listHolds', (store) => all(store.listHolds(id))],
  ['readRequests', (store) => store.readRequests(id)],
];
const id = connectionId('acme');
const layout = { id: 'layout', bits: 0 };
const lease = { connectionId: id, token: 1, holder: 'worker', expiresAtMs: 1 };
const person = anEntry('u-1', { user: aUser('u-1', { displayName: 'Ada Lovelace', userName: 'ada@example.com' }) });

async function errorOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isFeedError(error, 'store.unavailable')) throw new Error('the store reported no fault', { cause: error });
  return error;
}

/** A store before an address where nobody listens. */
async function openUnreachableStore(): Promise<FeedStore> {
  const server = await startVendorServer();
  await server.finish();
  return createStore(connect(server.baseUrl), 'the-table', async () => undefined);
}

async function openRefusingStore(status: number, type: string): Promise<FeedStore> {
  const server = await startVendorServer();
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'Ada Lovelace, wJalrSECRETSECRET' };
  server.play(answerJson(body, { status }));
  onTestFinished(() => server.finish());
  return createStore(connect(server.baseUrl), 'the-table', async () => undefined);
}

describe.each([
  { fault: 'a refused connection', open: openUnreachableStore },
  { fault: 'a throttled call', open: () => openRefusingStore(400, 'ProvisionedThroughputExceededException') },
  { fault: 'too many requests', open: () => openRefusingStore(400, 'ThrottlingException') },
  { fault: 'an error of the service', open: () => openRefusingStore(500, 'InternalServerError') },
  { fault: 'a missing table', open: () => openRefusingStore(400, 'ResourceNotFoundException') },
])('$fault', ({ open }) => {
  it.each(itemCalls)('makes %s throw store.unavailable for %s, without a word of secrets', async (_, item, call) => {
    const error = await errorOf(call(await open()));

    expect(error.context.item).toContain(item);
    expect(error.message).toContain('the-table');
    expect(error.message).toContain(item);
    expect(error.message).not.toMatch(/SECRET|Lovelace|ada@/);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it.each(otherCalls)('makes %s throw store.unavailable, without a word of secrets', async (_, call) => {
    const error = await errorOf(call(await open()));

    expect(error.message).toContain('the-table');
    expect(error.message).not.toMatch(/SECRET|Lovelace|ada@/);
  });
});

describe('store.unavailable', () => {
  it.each([...itemCalls.map(([name, , call]) => [name, call] as const), ...otherCalls])(
    'names the connection when %s fails',
    async (_, call) => {
      const error = await errorOf(call(await openUnreachableStore()));

      expect(error.context.item).toContain(id);
    },
  );
});
