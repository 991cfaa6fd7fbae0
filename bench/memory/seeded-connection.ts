import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { hashText } from '../../functions/sweep-names.ts';
import { startEmbeddedTable } from '../../local/embedded-table.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { createDigester, toHex } from '../../src/diff/digest.ts';
import { foldShard, layoutBits, type PairChange, shardNumber } from '../../src/diff/index-shard.ts';
import { projectionText } from '../../src/diff/projection.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Cursor } from '../../src/model/ids.ts';
import { stateItem } from '../../src/store/state-store.ts';
import { createTableClient } from '../../src/store/table-client.ts';
import { projectionOf } from '../../src/sweep/begin-sweep.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import { pairsPerShard } from '../../src/sweep/load-index.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { type NumberedList, startNumberedList } from '../numbered-list.ts';
import { createSweeping } from './sweeping.ts';

/** A list and a table that already knows it, in this process, for a sweep in another one. */
export type SeededConnection = {
  readonly list: NumberedList;
  readonly connection: Connection;
  readonly endpoint: string;
  readonly tableName: string;
  readonly apiKey: string;
  close(): Promise<void>;
};

export type SeedAsk = {
  readonly users: number;
  /** Of so many users, the first of the list, the table has entries: only they can change. */
  readonly changeable: number;
};

const apiKey = 'bench';
const idle = async () => undefined;

/**
 * The baseline of the few that can change is a real one. Everybody else comes into the index alone, as the same code
 * digests him: a sweep in which he does not change reads nothing else of him.
 */
export async function seedConnection({ users, changeable }: SeedAsk): Promise<SeededConnection> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-table-'));
  const table = await startEmbeddedTable(folder);
  const list = await startNumberedList(changeable);
  const connection = connectionTo(list);
  const sweeping = createSweeping({ table: table.client, tableName: table.tableName, apiKey });
  const { store } = sweeping;
  await store.saveConnection(connection, () => '0'.repeat(32), Date.now());
  await sweeping.sweep(connection.id);
  const state = await store.readState(connection.id);
  if (state?.lastComplete === undefined) throw new Error('the baseline is not complete');
  list.size = users;
  const bits = layoutBits(users, pairsPerShard);
  const layout = { id: `seeded-${bits}`, bits };
  const shards = await digestList(sweeping.openList(connection), state, bits);
  await store.writeLayout(connection.id, layout, shards, state.position);
  await store.advancePublished(connection.id, state.position);
  const counts = { pairs: users, live: users, tombstones: 0 };
  const documents = createTableClient(DynamoDBDocumentClient.from(table.client), table.tableName, idle);
  await documents.put(stateItem(connection.id, { leaseToken: 1_000 }, { ...state, layout, counts }));
  await sweeping.close();
  return {
    list,
    connection,
    endpoint: table.endpoint,
    tableName: table.tableName,
    apiKey,
    async close() {
      await list.close();
      await table.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function connectionTo({ baseUrl }: NumberedList): Connection {
  const settings = {
    id: 'bench',
    vendor: 'openproject',
    baseUrl,
    credentials: { apiKey: { env: 'BENCH_API_KEY' } },
    options: { pageSize: 1000 },
  };
  const file = { vendors, runtime: 'embedded', fileName: 'the bench' } as const;
  const [connection] = parseConnectionFile(JSON.stringify({ connections: [settings] }), file).connections;
  if (connection === undefined) throw new Error('no connection');
  return connection;
}

async function digestList(
  list: UserList,
  { digestKey }: ConnectionState,
  bits: number,
): Promise<readonly Uint8Array[]> {
  const digester = createDigester(digestKey);
  const projection = projectionOf({ hashText }, list);
  const byShard: PairChange[][] = Array.from({ length: 2 ** bits }, () => []);
  let cursor: Cursor | null | undefined;
  while (cursor !== null) {
    const page = await list.fetchPage({ cursor });
    for (const user of page.users) {
      const keyHash = digester.keyHash(user.id);
      const digest = toHex(digester.digest(projectionText(user, projection)));
      byShard[shardNumber(keyHash, bits)]?.push({ keyHash: toHex(keyHash), digest });
    }
    cursor = page.next;
  }
  return byShard.map((pairs) => foldShard(new Uint8Array(), pairs));
}
