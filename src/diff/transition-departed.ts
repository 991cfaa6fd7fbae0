import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { DepartedUser, DiffContext } from './diff-sweep.ts';
import { statusBetween } from './diff-user.ts';
import type { StagedChange, StagedTransition } from './staged-transition.ts';

/** What a concluded departure does to one user: a tombstone, and `user.deleted` unless he leaves silently. */
export function departTransition(departed: DepartedUser, context: DiffContext): StagedTransition {
  const { entry, pair, observedAt } = departed;
  const isLive = entry.presence === 'live';
  const isEvent = isLive && context.policy.purpose === 'live';
  const next: SnapshotEntry = {
    ...entry,
    revision: entry.revision + 1,
    presence: 'gone',
    observedAt,
    ...(isEvent && { deletedAt: observedAt }),
  };
  return {
    entry: next,
    pair: pair === 'shared' ? 'shared' : 'none',
    counts: { pairs: pair === 'shared' ? 0 : -1, live: isLive ? -1 : 0, tombstones: 1 },
    priorDigest: entry.digest,
    ...(isEvent && { change: deletion(departed) }),
  };
}

function deletion({ entry, absence, code, observedAt }: DepartedUser): StagedChange {
  const { missedSweeps, lastSeenAt } = absence;
  const { rawTo: _, ...status } = statusBetween(entry.user, { ...entry.user, status: 'deleted' });
  const bounds = [lastSeenAt, entry.observedAt].filter((at) => at !== undefined).sort();
  const notBefore = bounds.at(-1);
  return {
    type: 'deleted',
    origin: 'live',
    reason: {
      code,
      evidence: { missedSweeps, ...(lastSeenAt !== undefined && { lastSeenAt }) },
    },
    window: { ...(notBefore !== undefined && { notBefore }), notAfter: observedAt },
    diff: { changedFields: [], before: {}, status },
  };
}
