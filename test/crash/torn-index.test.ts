import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedTable } from '../../local/embedded-table.ts';
import { connectionId } from '../../src/model/ids.ts';
import { createStore } from '../../src/store/create-store.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

let folder: string;
let account: SimulatedAccount;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-torn-'));
  account = await startAccount('openproject');
  const config = await writeConnections(folder, [account.connection]);
  await runUcfHere(['dev', '--once', '--config', config, '--state', state()], account.env);
});

afterEach(async () => {
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const state = () => join(folder, 'state');
const indexes = ['due', 'watch'].map((name) => `index-global~user-change-feed~${name}~`);

/** Leaves the table as a process does that dies, with the rows of the indexes changed by the test. */
async function dieAnd(tear: (table: ClassicLevel<string, string>, key: string, row: string) => Promise<void>) {
  await rm(join(state(), 'table.closed'));
  const table = new ClassicLevel<string, string>(join(state(), 'table'), { valueEncoding: 'utf8' });
  await table.open();
  for (const prefix of indexes)
    for (const [key, row] of await table.iterator({ gte: prefix, lt: `${prefix}\x7f` }).all())
      await tear(table, key, row);
  await table.close();
}

/** Whom the indexes know. */
async function readIndexes() {
  const table = await startEmbeddedTable(state());
  const store = createStore(table.client, table.tableName, async () => undefined);
  const read = async (connections: AsyncIterable<{ readonly connectionId: string }>) => {
    const ids: string[] = [];
    for await (const one of connections) ids.push(one.connectionId);
    return ids;
  };
  const endOfTimeMs = Date.UTC(9999, 0);
  const known = { due: await read(store.dueConnections(endOfTimeMs)), watched: await read(store.watchedConnections()) };
  await table.close();
  return known;
}

const once = { due: ['acme-openproject'], watched: ['acme-openproject'] };

describe('a table whose process died between an item and its rows in the indexes', () => {
  it('knows a connection again that no index knew any more', async () => {
    await dieAnd((table, key) => table.del(key));

    expect(await readIndexes()).toStrictEqual(once);
  });

  it('knows a connection once that its indexes knew twice', async () => {
    await dieAnd(async (table, key, row) => {
      const at = /"(?:due|watch)At":{"S":"([^"]+)"}/.exec(row)?.[1] ?? '';
      const other = '2020-01-01T00:00:00.000Z';
      const hex = (text: string) => Buffer.from(text).toString('hex');
      await table.put(key.replace(hex(at), hex(other)), row.replace(at, other));
      expect(key).toContain(hex(at));
    });

    expect(await readIndexes()).toStrictEqual(once);
  });

  it('is left as it is where it was closed', async () => {
    expect(await readIndexes()).toStrictEqual(once);
    expect(await readIndexes()).toStrictEqual(once);
  });
});

describe('connections that an index shows twice', () => {
  it('are read once', async () => {
    const table = await startEmbeddedTable(state());
    const store = createStore(table.client, table.tableName, async () => undefined);
    const id = connectionId('acme-openproject');

    const read = await store.readDispatched([id, id], () => undefined);
    await table.close();

    expect(read.map(({ connection }) => connection.id)).toStrictEqual([id]);
  });
});
