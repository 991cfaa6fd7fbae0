import * as z from 'zod/mini';
import type { AbsentListReference } from '../model/absent-user.ts';
import { type ConnectionId, sweepId } from '../model/ids.ts';
import { instant } from '../model/instant.ts';
import { isLeaseDead } from '../model/lease-life.ts';
import { leaseLost } from '../model/lease-lost.ts';
import type { ConnectionState } from '../sweep/connection-state.ts';
import type { Lease, StateStore } from '../sweep/ports.ts';
import { duePartition, stateKey, watchPartition } from './keys.ts';
import { readPart } from './read-part.ts';
import type { Item, TableClient } from './table-client.ts';

const noAbsentUsers: AbsentListReference = { sweepId: sweepId(''), count: 0 };

const leaseSchema = z.looseObject({
  leaseToken: z.int(),
  leaseHolder: z.optional(z.string()),
  leaseExpiresAtMs: z.optional(z.number()),
});

/** A list that an older version kept in chunks of its own is given up: counting starts again. */
const absentSchema = z.pipe(
  z.looseObject({
    sweepId: z.string(),
    count: z.int(),
    blob: z.optional(z.string()),
    chunks: z.optional(z.int()),
  }),
  z.transform((absent) => (absent.chunks === undefined ? absent : noAbsentUsers)),
);

/** What a reader relies on, with what an older version did not know yet. */
const stateSchema = z.looseObject({
  epoch: z.int(),
  position: z.int(),
  sequence: z.int(),
  lastEvent: z.looseObject({ position: z.int() }),
  layout: z.looseObject({ id: z.string(), bits: z.int() }),
  counts: z.looseObject({ pairs: z.int(), live: z.int(), tombstones: z.int() }),
  absent: absentSchema,
  holds: z._default(z.array(z.looseObject({ holdId: z.string(), kind: z.string(), memberCount: z.int() })), []),
  recent: z._default(z.array(z.looseObject({ hour: z.string() })), []),
  digestKey: z.string(),
  attempts: z.int(),
  failures: z.int(),
  dueAt: z.string(),
});

type StoredLease = z.infer<typeof leaseSchema>;

/** Lease and state in one item, so that every write of the state can hold the lease to account. */
export function createStateStore(table: TableClient): StateStore {
  const readLease = async (connectionId: ConnectionId) => {
    const item = await table.get(stateKey(connectionId));
    return item === undefined ? undefined : readPart(item, leaseSchema, item, 'lease_readable');
  };
  return {
    async acquireLease(connectionId, ask) {
      const item = await table.get(stateKey(connectionId));
      if (item === undefined) return { kind: 'unknown_connection' };
      const before = readPart(item, leaseSchema, item, 'lease_readable');
      const tookOver = before.leaseExpiresAtMs !== undefined;
      if (tookOver && !isLeaseDead({ holder: before.leaseHolder, expiresAtMs: before.leaseExpiresAtMs }, ask))
        return { kind: 'held' };
      const { holder, expiresAtMs } = ask;
      const lease: Lease = { connectionId, token: before.leaseToken + 1, holder, expiresAtMs };
      const read = readStateItem(item);
      const state = { ...read, attempts: read.attempts + 1 };
      const isWritten = await table.put(stateItem(connectionId, heldLease(lease), state), isLatest(before.leaseToken));
      // An answer that got lost makes the client ask again and fail at its own first write: then the lease is ours.
      const isTaken = isWritten || isSameLease(await readLease(connectionId), lease);
      return isTaken ? { kind: 'taken', lease, state, tookOver } : { kind: 'held' };
    },
    async saveState(lease, state) {
      const item = stateItem(lease.connectionId, heldLease(lease), state);
      if (!(await table.put(item, isHeld(lease)))) throw leaseLost(lease.connectionId);
    },
    async releaseLease(lease, state) {
      const item = stateItem(lease.connectionId, { leaseToken: lease.token }, state);
      if (await table.put(item, isHeld(lease))) return;
      const there = await readLease(lease.connectionId);
      const isReleased = there?.leaseToken === lease.token && there.leaseExpiresAtMs === undefined;
      if (!isReleased) throw leaseLost(lease.connectionId);
    },
    async abandonLease(lease, nowMs) {
      const { expression, values } = isHeld(lease);
      const condition = { expression, values: { ...values, ':past': nowMs - 1 } };
      await table.update(stateKey(lease.connectionId), 'SET leaseExpiresAtMs = :past', condition);
    },
    async readState(connectionId) {
      const item = await table.get(stateKey(connectionId));
      return item === undefined ? undefined : readStateItem(item);
    },
  };
}

/** The state of a connection that has never been swept, due at once. */
export function newConnectionState(nowMs: number, digestKey: string): ConnectionState {
  return {
    epoch: 1,
    position: 0,
    sequence: 0,
    lastEvent: { position: 0 },
    layout: { id: '0', bits: 0 },
    counts: { pairs: 0, live: 0, tombstones: 0 },
    absent: noAbsentUsers,
    holds: [],
    recent: [],
    digestKey,
    attempts: 0,
    failures: 0,
    dueAt: instant(nowMs),
    createdAt: instant(nowMs),
  };
}

/**
 * The item of a connection's state. `due` and `dueAt` put it into the index on due time, `watch` and `watchAt` into the one
 * on the time at which its health is looked at, unless it was removed.
 */
export function stateItem(connectionId: ConnectionId, lease: StoredLease, state: ConnectionState) {
  const { removedAt, dueAt, watchAt } = state;
  const due = removedAt === undefined && { due: duePartition };
  const watch = removedAt === undefined && watchAt !== undefined && { watch: watchPartition, watchAt };
  return { ...stateKey(connectionId), ...lease, ...due, dueAt, ...watch, state };
}

export function readStateItem(item: Item): ConnectionState {
  return readPart(item, stateSchema, item.state, 'state_readable') as unknown as ConnectionState;
}

function heldLease({ token, holder, expiresAtMs }: Lease): StoredLease {
  return { leaseToken: token, leaseHolder: holder, leaseExpiresAtMs: expiresAtMs };
}

/** Nobody has taken the lease since this token. */
function isLatest(token: number) {
  return { expression: 'leaseToken = :token', values: { ':token': token } };
}

/** The lease is this one, and was not given back: a late try of an earlier write must not take it again. */
function isHeld({ token }: Lease) {
  return { expression: 'leaseToken = :token AND attribute_exists(leaseExpiresAtMs)', values: { ':token': token } };
}

function isSameLease(there: StoredLease | undefined, { token, holder, expiresAtMs }: Lease): boolean {
  return there?.leaseToken === token && there.leaseHolder === holder && there.leaseExpiresAtMs === expiresAtMs;
}
