import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { request } from 'undici';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { Connection } from '../../src/model/connection.ts';
import { connectionId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import { aConnection } from '../unit/store/sample-log.ts';
import type { AwsAnswer } from './aws-server.ts';
import { readTable } from './back-up-table.ts';
import { startCloudFormation } from './described-stack.ts';
import type { UcfRun } from './run-ucf.ts';
import { operatorEnvironment, runUcfHere } from './run-ucf-here.ts';
import { startTestTable } from './test-table.ts';

/** What is wrong with an account, for a test to change. */
export type Account = {
  /** Operations that the operator may not call. */
  readonly denied: Set<string>;
  /** Operations that answer an error, by its name. */
  readonly failing: Map<string, string>;
  readonly buses: Set<string>;
  deadLetters: number;
  /** What the parameter of the epoch says; undefined where there is none. */
  mark: string | undefined;
  status: string;
  readonly outputs: Record<string, string>;
  /** Writes that the table accepted from a command. */
  readonly written: string[];
  /** By how much the clock of AWS is ahead of this machine's. */
  aheadMs: number;
};

export type ExaminedStack = Awaited<ReturnType<typeof startExaminedStack>>;

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'DescribeTable']);

/** Says who was refused, as AWS does. */
const refusal = 'User: arn:aws:iam::111122223333:user/ada is not authorized to perform this';

/** A stack with a table, and an AWS that says no to whatever the test likes. Nothing of it sweeps. */
export async function startExaminedStack() {
  const table = await startTestTable();
  const client = new DynamoDBClient({ endpoint: table.endpoint, region: localRegion, credentials: localCredentials });
  const account: Account = {
    denied: new Set(),
    failing: new Map(),
    buses: new Set(['users']),
    deadLetters: 0,
    mark: '{"epoch":1}',
    status: 'UPDATE_COMPLETE',
    outputs: {
      TableName: table.tableName,
      BusName: 'users',
      BusArn: 'arn',
      FailedBatchesBucket: 'failed',
      DashboardUrl: 'https://example.com',
      SecretsPrefix: 'ucf',
      EpochParameter: 'epoch',
    },
    written: [],
    aheadMs: 0,
  };
  const server = createServer((asked, response) => void answer(account, table.endpoint, asked, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cloudFormation = await startCloudFormation(() => account);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  account.outputs.SweepQueueUrl = `${endpoint}/000000000000/sweeps`;
  account.outputs.DeadLetterQueueUrl = `${endpoint}/000000000000/dead`;
  const env = {
    ...operatorEnvironment,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
  };
  const store = createStore(client, table.tableName, async () => undefined);
  return {
    account,
    store,
    /** Every item of the table. */
    items: () => readTable(client, table.tableName),
    /** Runs a command with `--stack`. */
    run: (...words: readonly string[]): Promise<UcfRun> => runUcfHere([...words, '--stack', 'feed'], env),
    /** A connection that stands as the test says, and else as one that was swept a moment ago. */
    async add(name: string, state: Partial<ConnectionState> = {}, settings: Partial<Connection> = {}): Promise<void> {
      const id = connectionId(name);
      const nowMs = Date.now();
      await store.saveConnection(aConnection(id, settings), () => 'key', nowMs);
      const expiresAtMs = nowMs + 60_000;
      const taken = await store.acquireLease(id, { holder: 'test', nowMs, expiresAtMs, ownsAllLeases: false });
      if (taken.kind !== 'taken') throw new Error(`the lease of ${name} is ${taken.kind}`);
      const lastComplete = { sweepId: 's' as never, startedAt: instant(nowMs), directory: 'd', scope: '{}' };
      await store.releaseLease(taken.lease, { ...taken.state, lastComplete, ...state });
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([cloudFormation.close(), table.close()]);
    },
  };
}

async function answer(account: Account, table: string, asked: IncomingMessage, response: ServerResponse) {
  const target = String(asked.headers['x-amz-target']);
  const operation = target.split('.').at(-1) ?? '';
  const body = await buffer(asked);
  response.setHeader('date', new Date(Date.now() + account.aheadMs).toUTCString());
  const error = account.denied.has(operation) ? 'AccessDeniedException' : account.failing.get(operation);
  if (error === undefined && target.startsWith('DynamoDB_')) {
    const status = await pass(table, asked, body, response);
    if (status === 200 && !reads.has(operation)) account.written.push(operation);
    return;
  }
  const said = error === undefined ? answerHere(account, operation, JSON.parse(body.toString())) : { error };
  const isFault = 'error' in said;
  response.writeHead(isFault ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(isFault ? { __type: said.error, message: refusal } : said.body));
}

async function pass(table: string, asked: IncomingMessage, body: Buffer, response: ServerResponse): Promise<number> {
  const { host: _, connection: __, ...headers } = asked.headers;
  const answered = await request(table, { method: 'POST', headers, body });
  const { date: ___, connection: ____, ...own } = answered.headers;
  response.writeHead(answered.statusCode, own);
  response.end(await answered.body.bytes());
  return answered.statusCode;
}

function answerHere(account: Account, operation: string, input: { readonly Name?: string }): AwsAnswer {
  switch (operation) {
    case 'GetQueueAttributes':
      return { body: { Attributes: { ApproximateNumberOfMessages: String(account.deadLetters) } } };
    case 'DescribeEventBus':
      return account.buses.has(input.Name ?? '')
        ? { body: { Name: input.Name } }
        : { error: 'ResourceNotFoundException' };
    case 'GetParameter':
      return account.mark === undefined
        ? { error: 'ParameterNotFound' }
        : { body: { Parameter: { Value: account.mark } } };
    default:
      return { error: 'UnknownOperationException' };
  }
}
