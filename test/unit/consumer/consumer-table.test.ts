import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCredentials, localRegion } from '../../../local/embedded-table.ts';
import type { ConsumerTable } from '../../../src/consumer/consumer-table.ts';
import { createConsumerTable } from '../../../src/consumer/create-consumer-table.ts';
import type { EventPlace } from '../../../src/consumer/event-place.ts';
import { createMemoryConsumerTable } from '../../../src/consumer/memory-consumer-table.ts';
import { isNewer } from '../../../src/events/is-newer.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';

let server: TestTable;
let client: DynamoDBClient;
let tables = 0;

beforeAll(async () => {
  server = await startTestTable();
  client = new DynamoDBClient({ endpoint: server.endpoint, region: localRegion, credentials: localCredentials });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

async function createTable(): Promise<ConsumerTable> {
  tables += 1;
  const tableName = `consumer-${tables}`;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  for (let at = 0; at < 100; at += 1) {
    const isThere = await createConsumerTable({ client, tableName })
      .readSequences('x')
      .then(
        () => true,
        () => false,
      );
    if (isThere) break;
  }
  return createConsumerTable({ client, tableName });
}

function place(over: Partial<EventPlace> = {}): EventPlace {
  const { epoch = 1, revision = 1 } = over;
  return {
    connectionId: 'acme',
    userId: 'u#1',
    epoch,
    revision,
    eventId: `e${epoch}-${revision}`,
    isResync: false,
    ...over,
  };
}

const lease = (holder: string, nowMs = 0) => ({ holder, nowMs, untilMs: nowMs + 100 });

describe.each([
  ['in memory', async () => createMemoryConsumerTable()],
  ['in DynamoDB', createTable],
])('a consumer table %s', (_, create) => {
  it('writes what is newer by epoch, then revision, and nothing else', async () => {
    const table = await create();

    const written = [];
    for (const [epoch, revision] of [
      [1, 2],
      [1, 2],
      [1, 1],
      [1, 3],
      [2, 1],
      [1, 9],
      [2, 1],
      [2, 2],
    ] as const)
      written.push(await table.write(place({ epoch, revision }), { title: `${epoch}.${revision}` }));

    expect(written).toStrictEqual([true, false, false, true, true, false, false, true]);
  });

  it('writes a resync over its own revision once, and over nothing newer', async () => {
    const table = await create();
    await table.write(place({ revision: 5 }), {});
    const resync = (revision: number, eventId: string) => place({ revision, eventId, isResync: true });

    expect(await table.write(resync(5, 'r1'), {})).toBe(true);
    expect(await table.write(resync(5, 'r1'), {})).toBe(false);
    expect(await table.write(resync(5, 'r2'), {})).toBe(true);
    expect(await table.write(resync(4, 'r3'), {})).toBe(false);
  });

  it('keeps users of different connections and ids apart', async () => {
    const table = await create();
    await table.write(place({ revision: 5 }), {});

    expect(await table.write(place({ connectionId: 'other' }), {})).toBe(true);
    expect(await table.write(place({ userId: 'u' }), {})).toBe(true);
  });

  it('lets one worker at a user, until his lease ends', async () => {
    const table = await create();

    expect(await table.claim(place(), lease('a', 0))).toBe('claimed');
    expect(await table.claim(place({ revision: 2 }), lease('b', 99))).toBe('busy');
    expect(await table.claim(place({ revision: 2 }), lease('b', 100))).toBe('claimed');
    expect(await table.confirm(place(), 'a')).toBe(false);
    expect(await table.confirm(place({ revision: 2 }), 'b')).toBe(true);
    expect(await table.claim(place({ revision: 2 }), lease('c', 101))).toBe('stale');
    expect(await table.claim(place({ revision: 3 }), lease('c', 101))).toBe('claimed');
  });

  it('never lets an older event be applied once a newer one was begun, confirmed or not', async () => {
    const table = await create();
    await table.claim(place({ revision: 3 }), lease('a', 0));

    expect(await table.claim(place({ revision: 2 }), lease('b', 50))).toBe('superseded');
    expect(await table.claim(place({ revision: 2 }), lease('b', 500))).toBe('superseded');
    expect(await table.claim(place({ revision: 3 }), lease('b', 500))).toBe('claimed');
  });

  it('gives out the version that the next writing of sequences must name', async () => {
    const table = await create();
    const seen = (upTo: number) => ({ epoch: 1, upTo, beyond: [{ from: upTo + 2, to: upTo + 3, sinceMs: 7 }] });

    expect(await table.readSequences('acme')).toBeUndefined();
    expect(await table.writeSequences('acme', 0, seen(1))).toBe(true);
    expect(await table.writeSequences('acme', 0, seen(2))).toBe(false);
    expect(await table.writeSequences('acme', 1, seen(3))).toBe(true);
    expect(await table.readSequences('acme')).toStrictEqual({ version: 2, value: seen(3) });
  });
});

const places = fc
  .record({ epoch: fc.integer({ min: 1, max: 2 }), revision: fc.integer({ min: 1, max: 3 }), isResync: fc.boolean() })
  .map(({ epoch, revision, isResync }) => ({ epoch, revision, isResync, eventId: `${epoch}-${revision}-${isResync}` }));
const calls = fc.array(
  fc.record({
    call: fc.constantFrom('write', 'claim', 'confirm'),
    over: places,
    holder: fc.constantFrom('a', 'b'),
    nowMs: fc.nat(300),
  }),
  { maxLength: 12 },
);

describe('both consumer tables', () => {
  it('answer the same to whatever they are asked', async () => {
    const inDynamo = await createTable();
    let users = 0;

    await fc.assert(
      fc.asyncProperty(calls, async (asked) => {
        const inMemory = createMemoryConsumerTable();
        users += 1;
        for (const { call, over, holder, nowMs } of asked) {
          const at = place({ ...over, userId: String(users) });
          const ask = (table: ConsumerTable) => {
            if (call === 'write') return table.write(at, { own: nowMs, gone: undefined });
            return call === 'claim' ? table.claim(at, lease(holder, nowMs)) : table.confirm(at, holder);
          };
          expect(await ask(inDynamo)).toBe(await ask(inMemory));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('take for newer what isNewer of the contract takes, save a resync that was applied already', async () => {
    await fc.assert(
      fc.asyncProperty(places, places, async (known, next) => {
        const table = createMemoryConsumerTable();
        await table.write(place(known), {});

        const wrote = await table.write(place(next), {});

        const metadata = { ...next, origin: next.isResync ? 'resync' : 'live' };
        expect(wrote).toBe(isNewer({ metadata }, known) && next.eventId !== known.eventId);
      }),
    );
  });

  it('refuse an attribute that the table needs for itself', async () => {
    const table = createConsumerTable({ client, tableName: 'consumer-1' });

    await expect(async () => table.write(place(), { revision: 7 })).rejects.toMatchObject({ code: 'config.invalid' });
  });
});
