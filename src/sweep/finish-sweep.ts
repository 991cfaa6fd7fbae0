import { totalGap } from '../diff/completeness.ts';
import { instant } from '../model/instant.ts';
import { commitSweep } from './commit-sweep.ts';
import type { ConnectionState } from './connection-state.ts';
import { nextDueMs } from './next-due.ts';
import type { SweepPorts, UserList } from './ports.ts';
import type { Sweep, Swept } from './sweep-list.ts';
import { noCounts, type SweepCounts, type SweepOutcome, type SweepReport } from './sweep-report.ts';
import type { Held } from './take-lease.ts';

/** Commits what a sweep found, moves the due time, gives the lease back and leaves a report. */
export async function finishSweep(
  ports: SweepPorts,
  list: UserList,
  held: Held,
  sweep: Sweep,
  swept: Swept,
): Promise<SweepReport> {
  const committed = await commitSweep(ports, list, held, sweep, swept);
  const endedAtMs = ports.nowMs();
  const failures = swept.deniedBy.length === 0 ? 0 : held.state.failures + 1;
  const failureCode = swept.evidence.failure?.code;
  const state: ConnectionState = {
    ...committed,
    attempts: 0,
    failures,
    projectionVersion: sweep.projection.version,
    ...(swept.evidence.endedByVendor && { usualGap: totalGap(swept.evidence) }),
    dueAt: instant(nextDueMs({ nowMs: endedAtMs, everySeconds: list.everySeconds, failures, failureCode })),
  };
  await ports.store.releaseLease(held.lease, state);
  const report = reportOf(list, sweep, swept, instant(endedAtMs));
  await ports.store.writeReport(report);
  const before = held.state.absent;
  if (before.count > 0 && before.sweepId !== state.absent.sweepId)
    await ports.store.deleteAbsentList(list.connectionId, before);
  return report;
}

function reportOf(list: UserList, sweep: Sweep, swept: Swept, endedAt: SweepReport['endedAt']): SweepReport {
  const { evidence, deniedBy } = swept;
  return {
    connectionId: list.connectionId,
    vendor: list.vendor,
    sweepId: sweep.sweepId,
    mode: 'full',
    purpose: sweep.policy.purpose,
    outcome: outcomeOf(sweep, swept),
    startedAt: sweep.startedAt,
    endedAt,
    counts: countsOf(swept),
    evidence,
    deniedBy,
    ...(evidence.failure && { failure: evidence.failure }),
  };
}

function outcomeOf({ policy }: Sweep, { evidence, deniedBy }: Swept): SweepOutcome {
  if (deniedBy.length > 0) return evidence.failure !== undefined && evidence.pages === 0 ? 'failed' : 'incomplete';
  return policy.purpose === 'baseline' ? 'baseline' : 'complete';
}

function countsOf({ evidence, transitions, absent }: Swept): SweepCounts {
  const counts = { ...noCounts };
  for (const { change } of transitions) {
    if (change === undefined) counts.silent += 1;
    else counts[bucketOf[change.type]] += 1;
    if (change?.restored) counts.restored += 1;
  }
  const observed = transitions.filter(({ entry }) => entry.presence !== 'gone').length;
  return {
    ...counts,
    seen: evidence.distinctUsers,
    unchanged: Math.max(0, evidence.distinctUsers - observed - evidence.rejectedWithId),
    duplicate: evidence.duplicates,
    rejected: evidence.rejectedWithId + evidence.rejectedWithoutId,
    missing: absent.length,
  };
}

const bucketOf = {
  created: 'created',
  updated: 'updated',
  status_changed: 'statusChanged',
  deleted: 'deleted',
} as const;
