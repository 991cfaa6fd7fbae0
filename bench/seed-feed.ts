import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Agent } from 'undici';
import { openUserList } from '../functions/open-user-list.ts';
import type { Connection } from '../src/model/connection.ts';
import type { FeedStore } from '../src/store/create-store.ts';
import { createTableClient } from '../src/store/table-client.ts';
import { createHttpClient } from '../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../src/vendors/http/create-token-cache.ts';
import { createSessionCookies } from '../src/vendors/http/session-cookies.ts';
import { vendors } from '../src/vendors/registry.ts';
import { feedUnderTest } from '../test/support/feed-under-test.ts';
import { createMemoryStore } from '../test/support/memory-store.ts';
import { copyBaseline } from './copy-baseline.ts';

export type SeedRequest = {
  readonly store: FeedStore;
  readonly clients: { readonly table: DynamoDBClient };
  readonly tableName: string;
  readonly clock: { readonly nowMs: number };
  readonly connection: Connection;
  readonly apiKey: string;
  /** Of so many users, the first of the list, entries are written. */
  readonly changeable: number;
};

/**
 * Puts a connection into the table as its baseline leaves it, but for the log and most of the entries, which no later
 * sweep reads. The baseline is a real one, over the vendor, into a store in memory.
 */
export async function seedFeed(ask: SeedRequest): Promise<void> {
  const { store, connection, clock, changeable } = ask;
  const { id } = connection;
  const memory = createMemoryStore();
  const dispatcher = new Agent();
  try {
    const list = openUserList(connection, {
      findVendor: (name) => vendors.find((vendor) => vendor.id === name),
      io: vendorIo(dispatcher, clock),
      resolveCredentials: async () => ({ apiKey: ask.apiKey }),
    });
    const { tick } = feedUnderTest({ store: memory as unknown as FeedStore, connectionId: id, clock: { ...clock } });
    await tick(list);
  } finally {
    await dispatcher.close();
  }
  const table = createTableClient(DynamoDBDocumentClient.from(ask.clients.table), ask.tableName, async () => undefined);
  await copyBaseline({ memory, store, table, connectionId: id, changeable });
}

function vendorIo(dispatcher: Agent, clock: { readonly nowMs: number }) {
  const nowMs = () => clock.nowMs;
  const http = createHttpClient({
    dispatcher,
    nowMs,
    sleep: async () => undefined,
    random: () => 0.5,
    onTry: () => undefined,
    refusesLoopback: false,
  });
  return { http, tokens: createTokenCache(nowMs), sessions: createSessionCookies() };
}
