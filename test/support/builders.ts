import type { AbsentUser } from '../../src/diff/absent-list.ts';
import type { SweepEvidence } from '../../src/diff/completeness.ts';
import type { DepartedUser, DiffContext, ObservedSuspect } from '../../src/diff/diff-sweep.ts';
import { diffSweep } from '../../src/diff/diff-sweep.ts';
import { createDigester, type Digester, fromHex, toHex } from '../../src/diff/digest.ts';
import { createProjection, type Projection, projectionText } from '../../src/diff/projection.ts';
import type { StagedTransition } from '../../src/diff/staged-transition.ts';
import type { SweepPolicy } from '../../src/diff/sweep-policy.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import type { CanonicalUser, ObservedUser } from '../../src/model/canonical-user.ts';
import { connectionId, sweepId, userId } from '../../src/model/ids.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { LogBatch, SweepStamp, Transition, UserChange } from '../../src/model/log-batch.ts';
import type { ProjectedField } from '../../src/model/projected-field.ts';
import type { SnapshotEntry } from '../../src/model/snapshot-entry.ts';

type WithPlainId<T> = Partial<Omit<T, 'id'>> & { readonly id?: string };

/** So many minutes after the beginning of every test's time. */
export function at(minutes: number): Instant {
  return instant(Date.UTC(2026, 10, 23, 8) + minutes * 60_000);
}

export function aUser({ id = '42', ...given }: WithPlainId<CanonicalUser> = {}): CanonicalUser {
  return { id: userId(id), displayName: 'Ada', status: 'active', rawStatus: 'enabled', ...given };
}

/** A user as a page shows him, with nothing but his id and what is given: no status unless there is one. */
export function anObservedUser({ id = '42', ...given }: WithPlainId<ObservedUser> = {}): ObservedUser {
  return { id: userId(id), ...given };
}

/** A user with every canonical field. */
export function aFullUser(given: Partial<CanonicalUser> = {}): Required<CanonicalUser> {
  return {
    id: userId('42'),
    userName: 'ada',
    displayName: 'Ada',
    givenName: 'Ada',
    familyName: 'Lovelace',
    title: 'Countess',
    emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    phones: [{ value: '+1 555 0100', type: 'work', extension: '7' }],
    status: 'active',
    rawStatus: 'enabled',
    userType: 'employee',
    roles: [{ id: 'r1', name: 'Editor', scope: { project: 'engine' } }],
    groups: [{ id: 'g1', name: 'Analysts' }],
    organizations: [{ id: 'o1', name: 'Society' }],
    workspaces: [{ id: 'w1', name: 'Study' }],
    licenses: [{ id: 'l1', name: 'Full' }],
    externalId: 'ext-42',
    identifiers: { payroll: 42 },
    emailVerified: true,
    mfaEnabled: false,
    language: 'en',
    languages: ['en', 'fr'],
    timezone: 'Europe/London',
    avatar: 'https://example.com/ada.png',
    bio: 'Wrote the first program.',
    urls: [{ value: 'https://example.com/ada', type: 'home' }],
    createdAt: at(-100),
    updatedAt: at(-90),
    lastActiveAt: at(-80),
    lastLoginAt: at(-70),
    statusChangedAt: at(-60),
    activatedAt: at(-50),
    vendorAttributes: { admin: true },
    ...given,
  };
}

export const aDigester: Digester = createDigester('a key for tests only');

/** Everybody's key hash is the same. */
export const collidingDigester: Digester = { ...aDigester, keyHash: () => fromHex('00000000000000aa') };

const usualFields: readonly ProjectedField[] = [
  { path: 'displayName' },
  { path: 'title' },
  { path: 'emails', keepWhenAbsent: true },
  { path: 'groups', compareById: true },
  { path: 'vendorAttributes.admin' },
];

export function aProjection(
  fields: readonly ProjectedField[] = usualFields,
  ignored: readonly string[] = [],
): Projection {
  return createProjection(fields, ignored, (text) => toHex(aDigester.digest(text)));
}

/** The digest of a user under a projection, as his entry and his pair hold it. */
export function digestOf(user: ObservedUser, projection: Projection = aProjection()): string {
  return toHex(aDigester.digest(projectionText(user, projection)));
}

export function keyHashOf(id: string, digester: Digester = aDigester): string {
  return toHex(digester.keyHash(id));
}

type EntryGiven = Partial<SnapshotEntry> & { readonly projection?: Projection; readonly digester?: Digester };

/** A live entry accepted at minute 0, with digest and version of its projection. */
export function anEntry({
  projection = aProjection(),
  digester = aDigester,
  ...given
}: EntryGiven = {}): SnapshotEntry {
  const user = given.user ?? aUser();
  return {
    userId: user.id,
    keyHash: keyHashOf(user.id, digester),
    revision: 1,
    presence: user.status === 'deleted' ? 'reported_deleted' : 'live',
    user,
    digest: digestOf(user, projection),
    projectionVersion: projection.version,
    observedAt: at(0),
    ...given,
  };
}

/** A user observed at minute 60; his pair is there when his entry is a listed one. */
export function aSuspect(given: Partial<ObservedSuspect> & { readonly digester?: Digester } = {}): ObservedSuspect {
  const { digester = aDigester, ...suspect } = given;
  const user = suspect.user ?? aUser();
  const isListed = suspect.entry !== undefined && suspect.entry.presence !== 'gone';
  return {
    user,
    keyHash: keyHashOf(user.id, digester),
    observedAt: at(60),
    pair: isListed ? 'present' : 'none',
    ...suspect,
  };
}

export function anAbsentUser(given: Partial<AbsentUser> = {}): AbsentUser {
  return { keyHash: keyHashOf('42'), missedSweeps: 2, lastSeenAt: at(10), ...given };
}

/** A user whose departure was concluded at minute 60. */
export function aDeparture(given: Partial<DepartedUser> = {}): DepartedUser {
  return {
    entry: anEntry(),
    absence: anAbsentUser(),
    code: 'absent_from_complete_sweeps',
    pair: 'present',
    observedAt: at(60),
    ...given,
  };
}

export function aPolicy(given: Partial<SweepPolicy> = {}): SweepPolicy {
  return { purpose: 'live', baseline: 'silent', sameDirectory: true, ...given };
}

type ContextGiven = Partial<Omit<DiffContext, 'policy'>> & { readonly policy?: Partial<SweepPolicy> };

export function aContext({ policy, ...given }: ContextGiven = {}): DiffContext {
  return {
    projection: aProjection(),
    digester: aDigester,
    policy: aPolicy(policy),
    meaningsOf: () => undefined,
    ...given,
  };
}

/** What one observation does. */
export function observe(suspect: ObservedSuspect, context = aContext()): StagedTransition | undefined {
  return diffSweep({ observed: [suspect], departed: [] }, context)[0];
}

/** What one concluded departure does. */
export function depart(departure: DepartedUser, context = aContext()): StagedTransition | undefined {
  return diffSweep({ observed: [], departed: [departure] }, context)[0];
}

/** Evidence of a complete list of ten users. */
export function anEvidence(given: Partial<SweepEvidence> = {}): SweepEvidence {
  return {
    pages: 1,
    endedByVendor: true,
    vetoes: [],
    drift: [],
    totalMoved: false,
    distinctUsers: 10,
    duplicates: 0,
    rejectedWithId: 0,
    rejectedWithoutId: 0,
    retries: 0,
    walks: 1,
    liveBefore: 10,
    unseen: 0,
    ...given,
  };
}

/** An update of the title, observed at minute 60. */
export function aChange(given: Partial<UserChange> = {}): UserChange {
  return {
    sequence: 1,
    type: 'updated',
    origin: 'live',
    reason: { code: 'fields_changed' },
    window: { notBefore: at(0), notAfter: at(60) },
    diff: { changedFields: ['title'], before: { title: 'Miss' } },
    ...given,
  };
}

/** A silent transition unless a change is given. */
export function aTransition(given: Partial<Transition> = {}): Transition {
  return {
    entry: anEntry({ observedAt: at(60) }),
    pair: 'digest',
    counts: { pairs: 0, live: 0, tombstones: 0 },
    ...given,
  };
}

export function aStamp(given: Partial<SweepStamp> = {}): SweepStamp {
  return { sweepId: sweepId('sweep-1'), mode: 'full', startedAt: at(59), complete: true, usersSeen: 10, ...given };
}

export function aBatch(given: Partial<LogBatch> = {}): LogBatch {
  return {
    connectionId: connectionId('acme-openproject'),
    tenantId: 'acme',
    vendor: 'openproject',
    mappingVersion: 1,
    epoch: 1,
    position: 1,
    committedAt: at(61),
    leaseToken: 1,
    sweep: aStamp(),
    transitions: [],
    connectionChanges: [],
    lastSequence: 0,
    previousEventPosition: 0,
    ...given,
  };
}

/** A user event whose data is the given user and nothing else. */
export function aUserEvent(given: Partial<UserEvent['data']> = {}): UserEvent {
  return {
    type: 'user.updated',
    metadata: {
      eventId: '5f0f3c0e-7d0b-5a52-9a43-1c6f6c3f7a55',
      schemaVersion: '1.0',
      connectionId: 'acme-openproject',
      tenantId: 'acme',
      vendor: 'openproject',
      mappingVersion: 1,
      epoch: 1,
      sequence: 1,
      origin: 'live',
      sweep: { ...aStamp() },
      observedAt: at(60),
      userId: '42',
      revision: 2,
      window: { notBefore: at(0), notAfter: at(60) },
      reason: { code: 'fields_changed' },
    },
    data: { user: { id: '42', status: 'active' }, changedFields: [], changes: [], ...given },
  };
}
