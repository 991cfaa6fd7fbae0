import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { defaultBrakeRules } from '../model/brake.ts';
import { changeTypes } from '../model/change.ts';
import { type Connection, weekdays } from '../model/connection.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import { type Instant, instant } from '../model/instant.ts';
import { staleAfterIntervals } from '../model/notice.ts';
import type { IndexStore, SettingsStore } from '../sweep/ports.ts';
import { connectionOf, dueIndexName, duePartition, settingsKey, stateKey, watchPartition } from './keys.ts';
import { nameItem, readPart } from './read-part.ts';
import { newConnectionState, stateItem } from './state-store.ts';
import { type Condition, type Item, isNotThere, type TableClient } from './table-client.ts';

/** A connection whose due time has come. */
export type DueConnection = { readonly connectionId: ConnectionId; readonly dueAt: Instant };

/** Connections as configured, and which of them are due. */
export type ConnectionStore = SettingsStore & {
  readConnection(id: ConnectionId): Promise<Connection | undefined>;
  /**
   * Saves the settings. A connection nobody knew yet gets a state of its own and is due at once; one that was removed
   * goes on where its state stands and is due at once, too; so is one that is not paused and whose settings have changed
   * or whose due time was put off: what was wrong may be mended.
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
  paused: z.optional(z.literal(true)),
  maintenance: z.optional(
    z.array(
      z.looseObject({
        days: z.optional(z.array(z.enum(weekdays))),
        from: z.string(),
        to: z.string(),
        timezone: z.optional(z.string()),
      }),
    ),
  ),
});

const removableSchema = z.looseObject({ removedAt: z.optional(z.string()) });

export function createConnectionStore(
  table: TableClient,
  { writeLayout }: Pick<IndexStore, 'writeLayout'>,
): ConnectionStore {
  const readStanding = async (id: ConnectionId) => {
    const item = await table.get(stateKey(id));
    if (item === undefined) return undefined;
    const { removedAt } = readPart(item, removableSchema, item.state, 'state_readable');
    if (removedAt !== undefined) return 'removed';
    return item.postponed === true ? 'postponed' : undefined;
  };
  const hasOtherSettings = async (connection: Connection) => {
    const item = await table.get(settingsKey(connection.id));
    return item !== undefined && !isDeepStrictEqual(item.connection, connection);
  };
  const reviveState = async (id: ConnectionId, times: Times) => {
    const isRevived = await table.update(stateKey(id), revival, isRemovedAndFree(times));
    if (isRevived || (await readStanding(id)) !== 'removed') return;
    const message = `${id} is being removed by someone right now: save it again when that is done`;
    throw new FeedError('store.conflict', message, { item: nameItem(stateKey(id)) });
  };
  return {
    async readConnection(id) {
      const item = await table.get(settingsKey(id));
      return item === undefined ? undefined : readSettingsItem(item);
    },
    async saveConnection(connection, newDigestKey, nowMs) {
      const { id } = connection;
      const times = { nowMs, watchAt: instant(nowMs + staleAfterIntervals * connection.everySeconds * 1000) };
      const state = { ...newConnectionState(nowMs, newDigestKey()), watchAt: times.watchAt };
      const isChanged = await hasOtherSettings(connection);
      await table.put({ ...settingsKey(id), connection });
      const isNew = await table.put(stateItem(id, { leaseToken: 0 }, state), isNotThere);
      if (isNew) await writeLayout(id, state.layout, [new Uint8Array()], 0);
      const standing = isNew ? undefined : await readStanding(id);
      if (standing === 'removed') await reviveState(id, times);
      const isToWake = standing === 'postponed' || (!isNew && standing === undefined && isChanged);
      if (isToWake && connection.paused !== true) await table.update(stateKey(id), waking, isPresent(times));
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
      for await (const { pk, dueAt } of items) yield { connectionId: connectionOf(pk), dueAt: dueAt as Instant };
    },
  };
}

export function readSettingsItem(item: Item): Connection {
  return readPart(item, storedConnectionSchema, item.connection, 'settings_readable') as unknown as Connection;
}

type Times = { readonly nowMs: number; readonly watchAt: Instant };

const dueAgain =
  'SET #state.dueAt = :dueAt, dueAt = :dueAt, #state.watchAt = :watchAt, watchAt = :watchAt, watch = :watch';

/** The token rises: a worker whose lease has expired, and who does not know it, must not remove the connection again. */
const revival = `${dueAgain}, #state.createdAt = :dueAt, due = :due, leaseToken = leaseToken + :one REMOVE #state.removedAt`;
/** A sweep that writes the state meanwhile says itself when it is due. */
const waking = `${dueAgain} REMOVE postponed`;

function isPresent({ nowMs, watchAt }: Times): Condition {
  return {
    expression: 'attribute_exists(pk) AND attribute_not_exists(#state.removedAt)',
    names: { '#state': 'state' },
    values: { ':dueAt': instant(nowMs), ':watchAt': watchAt, ':watch': watchPartition },
  };
}

function isRemovedAndFree({ nowMs, watchAt }: Times): Condition {
  const dueAt = instant(nowMs);
  const wasRemoved = 'attribute_exists(#state.removedAt)';
  const wasGivenBack = 'attribute_not_exists(leaseExpiresAtMs)';
  const hasExpired = 'leaseExpiresAtMs <= :now';
  return {
    expression: `${wasRemoved} AND (${wasGivenBack} OR ${hasExpired})`,
    names: { '#state': 'state' },
    values: {
      ':dueAt': dueAt,
      ':due': duePartition,
      ':watchAt': watchAt,
      ':watch': watchPartition,
      ':one': 1,
      ':now': nowMs,
    },
  };
}
