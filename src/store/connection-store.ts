import * as z from 'zod/mini';
import { defaultBrakeRules } from '../model/brake.ts';
import { changeTypes } from '../model/change.ts';
import type { Connection } from '../model/connection.ts';
import { FeedError } from '../model/feed-error.ts';
import { type ConnectionId, connectionId } from '../model/ids.ts';
import { type Instant, instant } from '../model/instant.ts';
import type { SettingsStore } from '../sweep/ports.ts';
import { dueIndexName, duePartition, settingsKey, stateKey } from './keys.ts';
import { nameItem, readPart } from './read-part.ts';
import { newConnectionState, stateItem } from './state-store.ts';
import type { Condition, TableClient } from './table-client.ts';

/** A connection whose due time has come. */
export type DueConnection = { readonly connectionId: ConnectionId; readonly dueAt: Instant };

/** Connections as configured, and which of them are due. */
export type ConnectionStore = SettingsStore & {
  readConnection(id: ConnectionId): Promise<Connection | undefined>;
  /**
   * Saves the settings. A connection nobody knew yet gets a state of its own and is due at once; one that was removed
   * goes on where its state stands and is due at once, too.
   * @throws store.conflict while a worker is still removing it
   */
  saveConnection(connection: Connection, newDigestKey: () => string, nowMs: number): Promise<void>;
  /** By rising due time, never with a scan. */
  dueConnections(nowMs: number): AsyncIterable<DueConnection>;
};

const brakeRuleSchema = z.looseObject({
  maxCount: z.number(),
  maxPercent: z.number(),
  neverAbove: z.optional(z.number()),
});

/**
 * What the settings of a connection must be at least, with what was saved before they had a setting. Its options are the
 * vendor's to judge.
 */
const storedConnectionSchema = z.looseObject({
  id: z.string(),
  vendor: z.string(),
  tenantId: z.string(),
  baseUrl: z.string(),
  credentials: z.record(z.string(), z.record(z.string(), z.string())),
  everySeconds: z.number(),
  deltaEverySeconds: z.optional(z.number()),
  baseline: z.enum(['silent', 'emit']),
  deletion: z.looseObject({
    confirmSweeps: z.int(),
    probe: z._default(z.boolean(), true),
    maxProbes: z._default(z.int(), 20),
  }),
  brake: z._default(z.record(z.enum(changeTypes), brakeRuleSchema), defaultBrakeRules),
  ignoredFields: z.array(z.string()),
  protection: z._default(z.looseObject({ redact: z.array(z.string()), hash: z.array(z.string()) }), {
    redact: [],
    hash: [],
  }),
  payload: z._default(z.enum(['full', 'thin']), 'full'),
  emitSweepCompleted: z.boolean(),
});

const removableSchema = z.looseObject({ removedAt: z.optional(z.string()) });

export function createConnectionStore(table: TableClient): ConnectionStore {
  const isRemoved = async (id: ConnectionId) => {
    const item = await table.get(stateKey(id));
    return item !== undefined && readPart(item, removableSchema, item.state, 'state_readable').removedAt !== undefined;
  };
  const reviveState = async (id: ConnectionId, nowMs: number) => {
    const isRevived = await table.update(stateKey(id), revival, isRemovedAndFree(instant(nowMs), nowMs));
    if (isRevived || !(await isRemoved(id))) return;
    const message = `${id} is being removed by someone right now: save it again when that is done`;
    throw new FeedError('store.conflict', message, { item: nameItem(stateKey(id)) });
  };
  return {
    async readConnection(id) {
      const item = await table.get(settingsKey(id));
      return item === undefined
        ? undefined
        : (readPart(item, storedConnectionSchema, item.connection, 'settings_readable') as unknown as Connection);
    },
    async saveConnection(connection, newDigestKey, nowMs) {
      const { id } = connection;
      const item = stateItem(id, { leaseToken: 0 }, newConnectionState(nowMs, newDigestKey()));
      await table.put({ ...settingsKey(id), connection });
      const isNew = await table.put(item, { expression: 'attribute_not_exists(pk)' });
      if (!isNew && (await isRemoved(id))) await reviveState(id, nowMs);
    },
    async deleteConnection(id) {
      await table.delete(settingsKey(id));
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

/** The token rises: a worker whose lease has expired, and who does not know it, must not remove the connection again. */
const revival =
  'SET #state.dueAt = :dueAt, dueAt = :dueAt, due = :due, leaseToken = leaseToken + :one REMOVE #state.removedAt';

function isRemovedAndFree(dueAt: Instant, nowMs: number): Condition {
  const wasRemoved = 'attribute_exists(#state.removedAt)';
  const wasGivenBack = 'attribute_not_exists(leaseExpiresAtMs)';
  const hasExpired = 'leaseExpiresAtMs <= :now';
  return {
    expression: `${wasRemoved} AND (${wasGivenBack} OR ${hasExpired})`,
    names: { '#state': 'state' },
    values: { ':dueAt': dueAt, ':due': duePartition, ':one': 1, ':now': nowMs },
  };
}
