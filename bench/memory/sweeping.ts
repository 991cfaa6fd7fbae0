import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { Agent } from 'undici';
import { openUserList } from '../../functions/open-user-list.ts';
import { createSweepHandler } from '../../functions/sweep.ts';
import { hashText, newSweepId } from '../../functions/sweep-names.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import { createStore, type FeedStore } from '../../src/store/create-store.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import type { TickResult } from '../../src/sweep/tick.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { vendors } from '../../src/vendors/registry.ts';

/** The sweep function over a table, without what publishes. */
export type Sweeping = {
  readonly store: FeedStore;
  openList(connection: Connection): UserList;
  /** Delivers messages until the sweep is over. */
  sweep(connectionId: ConnectionId): Promise<TickResult>;
  close(): Promise<void>;
};

export type SweepingOptions = {
  readonly table: DynamoDBClient;
  readonly tableName: string;
  readonly apiKey: string;
};

const invocationMs = 15 * 60_000;

export function createSweeping({ table, tableName, apiKey }: SweepingOptions): Sweeping {
  const nowMs = Date.now;
  const dispatcher = new Agent();
  const store = createStore(table, tableName, sleep);
  const lists = {
    findVendor: (id: string) => vendors.find((vendor) => vendor.id === id),
    io: {
      http: createHttpClient({ dispatcher, nowMs, sleep, random: Math.random }),
      tokens: createTokenCache(nowMs),
      sessions: createSessionCookies(),
    },
    resolveCredentials: async () => ({ apiKey }),
  };
  const openList = (connection: Connection) => openUserList(connection, lists);
  const results: TickResult[] = [];
  const messages: unknown[] = [];
  const handler = createSweepHandler({
    ports: { store, republish: async () => undefined, readEpoch: async (known) => known, nowMs, newSweepId, hashText },
    places: store,
    readConnection: store.readConnection,
    openList,
    continueSweep: async (next) => void messages.push(next),
    holder: 'bench',
    ownsAllLeases: true,
    onResult: (_, result) => results.push(result),
    onFault: (_, error) => {
      throw error;
    },
  });
  return {
    store,
    openList,
    async sweep(connectionId) {
      messages.push({ connectionId });
      for (let message = messages.shift(); message !== undefined; message = messages.shift()) {
        const endsAtMs = nowMs() + invocationMs;
        const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => endsAtMs - nowMs() } as Context;
        await handler({ Records: [{ body: JSON.stringify(message), attributes: {} }] } as never, context);
      }
      const result = results.at(-1);
      if (result === undefined) throw new Error('the sweep left no result');
      return result;
    },
    close: () => dispatcher.close(),
  };
}
