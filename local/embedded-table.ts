import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { tableDefinition } from '../src/store/table.ts';
import { admitRequests } from './admit-requests.ts';
import { closeIterators } from './close-iterators.ts';
import { mendIndexes } from './mend-indexes.ts';
import { comesFromPage } from './simulators/comes-from-page.ts';
import { unusableFolder } from './unusable-folder.ts';

/** DynamoDB's protocol on loopback, kept in a folder. */
export type EmbeddedTable = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly endpoint: string;
  close(): Promise<void>;
};

const tableName = 'user-change-feed';
/** There while the table is closed, by whoever closed it: after a kill its indexes are looked at. */
const closedFile = 'table.closed';
/** The emulator looks at no signature, but the client wants something to sign with. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const localRegion = 'us-east-1';

export type LocalCredentials = typeof localCredentials;

/** Known to nobody else on this machine: whoever reaches the port of a table has to name the key. */
export function ownCredentials(): LocalCredentials {
  return { accessKeyId: randomBytes(24).toString('hex'), secretAccessKey: 'local' };
}

/**
 * Starts the table over a folder and makes it where it is not there yet. It answers those with these credentials, and
 * no page of a web site, whatever it sends.
 */
export async function startEmbeddedTable(folder: string, credentials = localCredentials): Promise<EmbeddedTable> {
  const path = join(folder, 'table');
  const closed = join(folder, closedFile);
  if (existsSync(path) && !existsSync(closed))
    await mendIndexes(path, tableName).catch((error: unknown) => {
      throw unusableFolder(folder, error);
    });
  await rm(closed, { force: true });
  const table = await openMadeTable(path, credentials);
  return {
    ...table,
    async close() {
      await table.close();
      // Where it cannot be written, the next one only looks in vain.
      await writeFile(closed, '').catch(() => undefined);
    },
  };
}

async function openMadeTable(path: string, credentials: LocalCredentials): Promise<EmbeddedTable> {
  const table = await openTable(path, credentials);
  if (await isMade(table.client)) return table;
  // A process was killed while it made the table, which stays half made for ever. It is empty: nothing was ever written.
  await table.close();
  await rm(path, { recursive: true });
  const remade = await openTable(path, credentials);
  if (await isMade(remade.client)) return remade;
  await remade.close();
  throw new Error(`the table in ${path} does not become active`);
}

async function openTable(path: string, credentials: LocalCredentials): Promise<EmbeddedTable> {
  closeIterators();
  const server = dynalite({ path, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const requests = admitRequests(server, (request) => isOwn(request, credentials));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials });
  return {
    client,
    tableName,
    endpoint,
    async close() {
      // What it writes would be cut between an item and its indexes, and what it reads would fail where nobody listens.
      await requests.end();
      client.destroy();
      await closeServer(server);
    },
  };
}

/** The emulator itself lets pages of every origin in, and everybody who signs with anything. */
function isOwn(request: IncomingMessage, { accessKeyId }: LocalCredentials): boolean {
  const signed = request.headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`) === true;
  return signed && !comesFromPage(request);
}

/** Closed is the server only when its callback runs: after its sockets it closes the database. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const activeWithinMs = 2_000;

/** Makes the table if need be and waits until it is active; false where it stays half made. */
async function isMade(client: DynamoDBClient): Promise<boolean> {
  await client.send(new CreateTableCommand(tableDefinition(tableName))).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  });
  for (let waitedMs = 0; waitedMs < activeWithinMs; waitedMs += 20) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === 'ACTIVE') return true;
    await sleep(20);
  }
  return false;
}
