import { composeEvents } from '../../src/events/compose-events.ts';
import { composeNotices } from '../../src/events/compose-notices.ts';
import type { FeedEvent } from '../../src/events/feed-event.ts';
import type { NoticeEvent } from '../../src/events/notice-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { connectionId, holdId, sweepId, userId } from '../../src/model/ids.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { ConnectionChange, HoldNotice, LogBatch, Transition, UserChange } from '../../src/model/log-batch.ts';

/** So many minutes after the beginning of the samples' time. */
const at = (minutes: number): Instant => instant(Date.UTC(2026, 10, 23, 8) + minutes * 60_000);

const ada: CanonicalUser = {
  id: userId('42'),
  userName: 'ada',
  displayName: 'Ada Example',
  title: 'Analyst',
  emails: [{ value: 'ada@acme.example', type: 'work', primary: true }],
  status: 'active',
  rawStatus: 'active',
  groups: [{ id: '7', name: 'Engine' }],
  createdAt: at(31),
};
const sweep = {
  sweepId: sweepId('2026-11-23T08:29:58.000Z-1'),
  mode: 'full',
  startedAt: at(30),
  complete: true,
} as const;
const window = { notBefore: at(15), notAfter: at(32) };
const heldChanges: HoldNotice = {
  holdId: holdId('2026-11-23T08:29:58.000Z-deleted'),
  kind: 'deleted',
  reason: 'brake',
  brake: { found: 61, recent: 0, limit: 60, liveUsers: 1204 },
  count: 61,
};

const changes: readonly (UserChange & { readonly user?: CanonicalUser; readonly revision: number })[] = [
  {
    sequence: 4711,
    revision: 1,
    type: 'created',
    origin: 'live',
    reason: { code: 'appeared' },
    window,
    diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'active' } },
  },
  {
    sequence: 4712,
    revision: 2,
    type: 'updated',
    origin: 'live',
    reason: { code: 'fields_changed' },
    window,
    user: { ...ada, title: 'Lead analyst' },
    diff: { changedFields: ['title'], before: { title: 'Analyst' } },
  },
  {
    sequence: 4713,
    revision: 3,
    type: 'status_changed',
    origin: 'live',
    reason: { code: 'status_changed' },
    window,
    user: { ...ada, status: 'suspended', rawStatus: 'locked' },
    diff: {
      changedFields: ['status', 'rawStatus'],
      before: { status: 'active', rawStatus: 'active' },
      status: { from: 'active', to: 'suspended', rawFrom: 'active', rawTo: 'locked' },
    },
  },
  {
    sequence: 4714,
    revision: 4,
    type: 'deleted',
    origin: 'live',
    reason: { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 2, lastSeenAt: at(0) } },
    window,
    user: { ...ada, status: 'suspended', rawStatus: 'locked' },
    diff: { changedFields: [], before: {}, status: { from: 'suspended', to: 'deleted', rawFrom: 'locked' } },
  },
];

const connectionChanges: readonly ConnectionChange[] = [
  { sequence: 4715, type: 'baseline_completed' },
  { sequence: 4716, type: 'sweep_completed' },
  { sequence: 4717, type: 'changes_held', hold: heldChanges },
  { sequence: 4718, type: 'changes_released', hold: { ...heldChanges, count: 60, ending: 'released' } },
  { sequence: 4719, type: 'changes_rejected', hold: { ...heldChanges, ending: 'rejected' } },
  { sequence: 4720, type: 'changes_dissolved', hold: { ...heldChanges, ending: 'dissolved' } },
  { sequence: 4721, type: 'removed', requestId: 'remove' },
];

const connection = {
  connectionId: connectionId('acme-openproject'),
  tenantId: 'acme',
  vendor: 'openproject',
  epoch: 1,
};

const batch: LogBatch = {
  ...connection,
  mappingVersion: 1,
  position: 90,
  committedAt: at(33),
  leaseToken: 1,
  sweep: { ...sweep, usersSeen: 1204 },
  transitions: changes.map(({ user = ada, revision, ...change }): Transition => {
    const keys = { keyHash: '00f1d2c3b4a59687', digest: '1122334455667788', projectionVersion: 'sample' };
    const entry = { userId: user.id, ...keys, revision, presence: 'live', user, observedAt: at(32) } as const;
    return { entry, pair: 'digest', counts: { pairs: 0, live: 0, tombstones: 0 }, change };
  }),
  connectionChanges,
  lastSequence: 4721,
  previousEventPosition: 89,
};

/** One event of every type, by the code that composes all events: deterministic, and about nobody. */
export function sampleEvents(): readonly (FeedEvent | NoticeEvent)[] {
  const fact = { epoch: connection.epoch, lastCompleteAt: at(30) };
  const notices = composeNotices({
    ...connection,
    failing: { ...fact, since: at(40), reason: { code: 'vendor.unauthorized' }, failures: 3 },
    stale: { ...fact, since: at(75) },
    recovered: { ...fact, since: at(90) },
    pending: ['failing', 'stale', 'recovered'],
    revision: 1,
  });
  return [...composeEvents(batch), ...notices];
}
