import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type EmbeddedTable,
  localCredentials,
  localRegion,
  startEmbeddedTable,
} from '../../../local/embedded-table.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { createStore } from '../../../src/store/create-store.ts';
import { tableDefinition } from '../../../src/store/table.ts';
import { aBatch, aConnection, all, anEntry, arrival, aUser } from './sample-log.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-table-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const id = connectionId('acme');
const storeOf = ({ client, tableName }: EmbeddedTable) => createStore(client, tableName, async () => undefined);

/** A table over the folder that answers. Until the second fault below is mended, a new one may not at once. */
async function startReadyTable(): Promise<EmbeddedTable> {
  const table = await startEmbeddedTable(folder);
  const describeTable = new DescribeTableCommand({ TableName: table.tableName });
  const readStatus = async () => (await table.client.send(describeTable)).Table?.TableStatus;
  await expect.poll(readStatus, { timeout: 10_000 }).toBe('ACTIVE');
  return table;
}

/** Whether nobody has the database of the folder open. */
async function isFree(): Promise<boolean> {
  const database = new ClassicLevel(join(folder, 'table'));
  const opened = await database.open().then(
    () => true,
    () => false,
  );
  if (opened) await database.close();
  return opened;
}

/** A first start that was killed after the table was asked for and before it was ready. */
async function dieWhileTableIsMade(tableName: string): Promise<void> {
  const server = dynalite({ path: join(folder, 'table'), createTableMs: 3_600_000 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
  await client.send(new CreateTableCommand(tableDefinition(tableName)));
  client.destroy();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** Each closes some while it still compacts. */
const rounds = process.env.EVERY_CALL === '1' ? 8 : 3;

describe(startEmbeddedTable, () => {
  it('makes a table with the index on due time', async () => {
    const table = await startReadyTable();
    onTestFinished(() => table.close());
    const store = storeOf(table);

    await store.saveConnection(aConnection(id), () => 'key', 5);

    expect(await all(store.dueConnections(5))).toMatchObject([{ connectionId: id }]);
  });

  it('finds everything in its folder again', async () => {
    const before = await startReadyTable();
    const batch = aBatch(id, 1, { transitions: [arrival('ümläut 🦊')] });
    await storeOf(before).saveConnection(aConnection(id), () => 'key', 5);
    await storeOf(before).appendBatch(batch);
    await before.close();
    // Until the first fault below is mended, the folder may be in use for some moments longer.
    await expect.poll(isFree, { timeout: 10_000 }).toBe(true);

    const after = await startEmbeddedTable(folder);
    onTestFinished(() => after.close());

    expect(await storeOf(after).readConnection(id)).toStrictEqual(aConnection(id));
    expect(await all(storeOf(after).readLog(id, 0))).toStrictEqual([batch]);
  });

  it('leaves its folder to whoever comes next once it is closed', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const table = await startReadyTable();
      const large = aUser('u', { bio: 'b'.repeat(300_000) });
      for (let n = 0; n < 15; n += 1)
        await storeOf(table).writeEntries(id, [anEntry(`${round}-${n}`, { user: large })]);

      await table.close();

      expect(await isFree()).toBe(true);
    }
  });

  it('makes the table ready that a killed first start has left half made', async () => {
    await dieWhileTableIsMade('user-change-feed');
    const table = await startEmbeddedTable(folder);
    onTestFinished(() => table.close());

    const read = storeOf(table).readConnection(id);

    await expect(read).resolves.toBeUndefined();
  });
});
