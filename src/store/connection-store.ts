import * as z from 'zod/mini';
import type { Connection } from '../model/connection.ts';
import { type ConnectionId, connectionId } from '../model/ids.ts';
import { type Instant, instant } from '../model/instant.ts';
import { dueIndexName, duePartition, settingsKey } from './keys.ts';
import { readPart } from './read-part.ts';
import { newConnectionState, stateItem } from './state-store.ts';
import type { TableClient } from './table-client.ts';

/** A connection whose due time has come. */
export type DueConnection = { readonly connectionId: ConnectionId; readonly dueAt: Instant };

/** Connections as configured, and which of them are due. */
export type ConnectionStore = {
  readConnection(id: ConnectionId): Promise<Connection | undefined>;
  /** Saves the settings; a connection nobody knew yet gets a state of its own and is due at once. */
  saveConnection(connection: Connection, newDigestKey: () => string, nowMs: number): Promise<void>;
  /** By rising due time, never with a scan. */
  dueConnections(nowMs: number): AsyncIterable<DueConnection>;
};

/** What the settings of a connection must be at least; its options are the vendor's to judge. */
const storedConnectionSchema = z.looseObject({
  id: z.string(),
  vendor: z.string(),
  tenantId: z.string(),
  baseUrl: z.string(),
  credentials: z.record(z.string(), z.record(z.string(), z.string())),
  everySeconds: z.number(),
  baseline: z.enum(['silent', 'emit']),
  deletion: z.looseObject({ confirmSweeps: z.int() }),
  ignoredFields: z.array(z.string()),
  emitSweepCompleted: z.boolean(),
});

export function createConnectionStore(table: TableClient): ConnectionStore {
  return {
    async readConnection(id) {
      const item = await table.get(settingsKey(id));
      return item === undefined
        ? undefined
        : (readPart(item, storedConnectionSchema, item.connection, 'settings_readable') as unknown as Connection);
    },
    async saveConnection(connection, newDigestKey, nowMs) {
      const state = newConnectionState(nowMs, newDigestKey());
      await table.put({ ...settingsKey(connection.id), connection });
      await table.put(stateItem(connection.id, { leaseToken: 0 }, state), { expression: 'attribute_not_exists(pk)' });
    },
    async *dueConnections(nowMs) {
      const items = table.query({
        IndexName: dueIndexName,
        KeyConditionExpression: 'due = :due AND dueAt <= :now',
        ExpressionAttributeValues: { ':due': duePartition, ':now': instant(nowMs) },
      });
      for await (const { pk, dueAt } of items)
        yield { connectionId: connectionId(String(pk).slice('connection#'.length)), dueAt: dueAt as Instant };
    },
  };
}
