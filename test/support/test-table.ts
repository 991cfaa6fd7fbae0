import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { admitRequests } from '../../local/admit-requests.ts';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import { createStore, type FeedStore } from '../../src/store/create-store.ts';
import { tableDefinition } from '../../src/store/table.ts';
import { createTableClient, type TableClient } from '../../src/store/table-client.ts';

/** DynamoDB's protocol on loopback and in memory, for one test file. */
export type TestTable = {
  readonly endpoint: string;
  readonly tableName: string;
  /** The table behind the back of every store. */
  readonly raw: TableClient;
  /** A store over the real SDK: of a connection nobody else uses, or another worker's of the same connection. */
  open(settings?: StoreSettings): TestStore;
  close(): Promise<void>;
};

export type StoreSettings = {
  readonly id?: ConnectionId;
  /** How often the SDK itself tries a call, without a pause; once where left out. */
  readonly attempts?: number;
};

export type TestStore = {
  readonly store: FeedStore;
  readonly table: TableClient;
  readonly id: ConnectionId;
  readonly wire: Wire;
  /** The pauses the store asked for, in milliseconds. Nobody waits for them. */
  readonly pauses: readonly number[];
};

export type WireCall = { readonly operation: string; readonly input: Readonly<Record<string, unknown>> };
/** What becomes of one call: `carryOut` sends it to the server and answers what the server says. */
export type Tap = (call: WireCall, carryOut: () => Promise<WireAnswer>) => Promise<WireAnswer>;
export type WireAnswer = Record<string, unknown>;

/** One client's calls, each try of the SDK counted, as close to the socket as the SDK lets anybody. */
export type Wire = {
  readonly calls: readonly WireCall[];
  /** Capacity units as the server counted them. */
  readonly units: { readonly read: number; readonly write: number };
  tap(next: Tap): void;
  /** Forgets what was counted so far. */
  reset(): void;
};

const tableName = 'feed-under-test';

export async function startTestTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 });
  const requests = admitRequests(server, () => true);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: DynamoDBClient[] = [];
  const connect = (attempts: number) => {
    const retryStrategy = tryAtOnce(attempts);
    const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials, retryStrategy });
    clients.push(client);
    return client;
  };
  const plain = connect(3);
  await createTable(plain);
  let opened = 0;
  return {
    endpoint,
    tableName,
    raw: createTableClient(DynamoDBDocumentClient.from(plain), tableName, async () => undefined),
    open({ id, attempts = 1 } = {}) {
      opened += 1;
      return openStore(connect(attempts), id ?? connectionId(`connection-${opened}`));
    },
    async close() {
      for (const client of clients) client.destroy();
      await requests.end();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function openStore(client: DynamoDBClient, id: ConnectionId): TestStore {
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  const wire = tapWire(client);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    store: createStore(client, tableName, sleep),
    table: createTableClient(documents, tableName, sleep),
    id,
    wire,
    pauses,
  };
}

async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(new CreateTableCommand(tableDefinition(tableName)));
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
  }
}

function tapWire(client: DynamoDBClient): Wire {
  const calls: WireCall[] = [];
  const units = { read: 0, write: 0 };
  let tap: Tap = (_, carryOut) => carryOut();
  client.middlewareStack.add(
    (next) => (args) => next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } }),
    { step: 'initialize', name: 'askForUnits', priority: 'low' },
  );
  // Inside of the SDK's own tries: what happens here, the SDK takes for an answer of the server.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = String((context as { commandName?: string }).commandName).replace('Command', '');
      const call = { operation, input: args.input as WireCall['input'] };
      calls.push(call);
      let answer: Awaited<ReturnType<typeof next>> | undefined;
      const output = await tap(call, async () => {
        answer = await next(args);
        const said = answer.output as unknown as WireAnswer;
        units[/Get|Query/.test(operation) ? 'read' : 'write'] += unitsOf(said);
        return said;
      });
      return { response: answer?.response, output: output as never };
    },
    { step: 'deserialize', name: 'tap', priority: 'high' },
  );
  return {
    calls,
    units,
    tap: (next) => {
      tap = next;
    },
    reset() {
      calls.length = 0;
      Object.assign(units, { read: 0, write: 0 });
    },
  };
}

function unitsOf({ ConsumedCapacity: consumed }: WireAnswer): number {
  const parts = (Array.isArray(consumed) ? consumed : [consumed]) as readonly (
    | { CapacityUnits?: number }
    | undefined
  )[];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}

/** The server carries calls of one operation out, but the answer of the first so many never arrives. */
export function loseAnswer(operation: string, times = 1): Tap {
  let lost = 0;
  return async (call, carryOut) => {
    const answer = await carryOut();
    if (call.operation !== operation || lost === times) return answer;
    lost += 1;
    throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
  };
}

/** Holds the first call of an operation before it goes out, until told to go on. */
export function holdBefore(operation: string) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isHeld = false;
  const tap: Tap = async (call, carryOut) => {
    if (call.operation === operation && !isHeld) {
      isHeld = true;
      reached.resolve();
      await released.promise;
    }
    return carryOut();
  };
  return { tap, reached: reached.promise, goOn: () => released.resolve() };
}

type RetryStrategy = NonNullable<DynamoDBClientConfig['retryStrategy']>;

/** The SDK's own tries, without its pauses. */
function tryAtOnce(attempts: number): RetryStrategy {
  const token = (retryCount: number) => ({ getRetryCount: () => retryCount, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async ({ getRetryCount }, { errorType }) => {
      const tries = getRetryCount() + 1;
      if (tries < attempts && errorType !== 'CLIENT_ERROR') return token(tries);
      throw new Error('no more tries');
    },
    recordSuccess: () => undefined,
  };
}
