import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { tableDefinition } from '../src/store/table.ts';

/** DynamoDB's protocol on loopback, kept in a folder. */
export type EmbeddedTable = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly endpoint: string;
  close(): Promise<void>;
};

const tableName = 'user-change-feed';
/** The emulator looks at no signature, but the client wants something to sign with. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const localRegion = 'us-east-1';

/** Starts the table over a folder and makes it where it is not there yet. */
export async function startEmbeddedTable(folder: string): Promise<EmbeddedTable> {
  const path = join(folder, 'table');
  const table = await openTable(path);
  if (await isMade(table.client)) return table;
  // A process was killed while it made the table, which stays half made for ever. It is empty: nothing was ever written.
  await table.close();
  await rm(path, { recursive: true });
  const remade = await openTable(path);
  if (await isMade(remade.client)) return remade;
  await remade.close();
  throw new Error(`the table in ${path} does not become active`);
}

async function openTable(path: string): Promise<EmbeddedTable> {
  const server = dynalite({ path, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
  return {
    client,
    tableName,
    endpoint,
    async close() {
      client.destroy();
      await closeServer(server);
    },
  };
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
