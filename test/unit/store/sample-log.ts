import { createDigester, toHex } from '../../../src/diff/digest.ts';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { type ConnectionId, sweepId, userId } from '../../../src/model/ids.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import type { LogBatch, SweepStamp, Transition, UserChange } from '../../../src/model/log-batch.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { LeaseAsk } from '../../../src/sweep/ports.ts';

export const noon: Instant = instant(Date.parse('2026-11-23T12:00:00.000Z'));

const digester = createDigester('a key for tests');

export function keyHashOf(id: string): string {
  return toHex(digester.keyHash(id));
}

export function digestOf(text: string): string {
  return toHex(digester.digest(text));
}

/** The n-th key hash of a sorted, evenly spread row of so many. */
export function spreadKeyHash(n: number, of: number): string {
  return (BigInt(n) * (2n ** 64n / BigInt(of))).toString(16).padStart(16, '0');
}

export function aUser(id: string, fields: Partial<CanonicalUser> = {}): CanonicalUser {
  return { id: userId(id), displayName: `User ${id}`, status: 'active', ...fields };
}

export function anEntry(id: string, fields: Partial<SnapshotEntry> = {}): SnapshotEntry {
  return {
    userId: userId(id),
    keyHash: keyHashOf(id),
    revision: 1,
    presence: 'live',
    user: aUser(id),
    digest: digestOf(`${id} at revision ${fields.revision ?? 1}`),
    projectionVersion: 'projection-1',
    observedAt: noon,
    ...fields,
  };
}

const isNew = { pairs: 1, live: 1, tombstones: 0 };
const isKnown = { pairs: 0, live: 0, tombstones: 0 };
const isLeaving = { pairs: -1, live: -1, tombstones: 1 };

/** A user who becomes known, silently. */
export function arrival(id: string, fields: Partial<SnapshotEntry> = {}): Transition {
  return { entry: anEntry(id, fields), pair: 'digest', counts: isNew };
}

/** A known user who changed, silently. */
export function update(id: string, revision: number, fields: Partial<SnapshotEntry> = {}): Transition {
  return { entry: anEntry(id, { revision, ...fields }), pair: 'digest', counts: isKnown };
}

/** A known user who left, silently. */
export function departure(id: string, revision: number): Transition {
  return { entry: anEntry(id, { revision, presence: 'gone' }), pair: 'none', counts: isLeaving };
}

export function withEvent(transition: Transition, sequence: number, fields: Partial<UserChange> = {}): Transition {
  const change: UserChange = {
    sequence,
    type: 'updated',
    origin: 'live',
    reason: { code: 'fields_changed' },
    window: { notAfter: noon },
    ...fields,
  };
  return { ...transition, change };
}

export const aStamp: SweepStamp = {
  sweepId: sweepId('sweep-1'),
  mode: 'full',
  startedAt: noon,
  complete: true,
  usersSeen: 1,
};

export function aBatch(connectionId: ConnectionId, position: number, fields: Partial<LogBatch> = {}): LogBatch {
  return {
    connectionId,
    tenantId: 'tenant',
    vendor: 'openproject',
    mappingVersion: 1,
    epoch: 1,
    position,
    committedAt: noon,
    leaseToken: 1,
    sweep: aStamp,
    transitions: [],
    connectionChanges: [],
    lastSequence: 0,
    previousEventPosition: 0,
    ...fields,
  };
}

/** A batch with one event of its own, whose sequence is its position. */
export function anEventBatch(connectionId: ConnectionId, position: number, fields: Partial<LogBatch> = {}): LogBatch {
  return aBatch(connectionId, position, {
    transitions: [withEvent(update('u', position), position)],
    lastSequence: position,
    previousEventPosition: position - 1,
    ...fields,
  });
}

export function aState(fields: Partial<ConnectionState> = {}): ConnectionState {
  return {
    epoch: 1,
    position: 0,
    sequence: 0,
    lastEvent: { position: 0 },
    layout: { id: '0', bits: 0 },
    counts: { pairs: 0, live: 0, tombstones: 0 },
    absent: { sweepId: sweepId(''), count: 0 },
    holds: [],
    recent: [],
    digestKey: 'digest key',
    attempts: 0,
    failures: 0,
    dueAt: noon,
    ...fields,
  };
}

/** When a connection that was made, or brought back, at a time is due and looked at. */
export function timesFrom(nowMs: number) {
  return { dueAt: instant(nowMs), createdAt: instant(nowMs), watchAt: instant(nowMs + 3 * 900_000) };
}

export function aConnection(id: ConnectionId, fields: Partial<Connection> = {}): Connection {
  return {
    id,
    vendor: 'openproject',
    tenantId: 'tenant',
    baseUrl: 'https://projects.example',
    credentials: { apiKey: { env: 'PROJECTS_KEY' } },
    everySeconds: 900,
    baseline: 'silent',
    deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
    brake: defaultBrakeRules,
    ignoredFields: [],
    protection: { redact: [], hash: [] },
    payload: 'full',
    emitSweepCompleted: false,
    options: { pageSize: 200 },
    ...fields,
  };
}

export const leaseMs = 60_000;

/** A lease of a minute, asked for at a time. */
export function askAt(nowMs: number, fields: Partial<LeaseAsk> = {}): LeaseAsk {
  return { holder: 'worker', nowMs, expiresAtMs: nowMs + leaseMs, ownsAllLeases: false, ...fields };
}

/** Everything an iterable yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
