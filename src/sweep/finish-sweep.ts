import { totalGap } from '../diff/completeness.ts';
import { instant } from '../model/instant.ts';
import { concludedState } from './apply-log.ts';
import type { CommitPlan } from './checkpoint.ts';
import type { ConnectionState } from './connection-state.ts';
import { dueAfter } from './due-after.ts';
import { namedBlobs } from './named-blobs.ts';
import type { Sweep } from './sweep.ts';
import type { SweepReport } from './sweep-report.ts';
import { countVolatility } from './volatility.ts';
import { watchAfter } from './watch-after.ts';

/** Moves the due time, gives the lease back, and clears away what nobody needs any more. */
export async function finishSweep(
  sweep: Sweep,
  plan: CommitPlan,
  committed: ConnectionState,
  garbage: readonly string[],
): Promise<SweepReport> {
  const { ports, list, held } = sweep;
  const endedAtMs = ports.nowMs();
  const report: SweepReport = { ...plan.report, endedAt: instant(endedAtMs) };
  const { checkpoint: _, ...concluded } = concludedState(committed, plan.conclusion);
  const isFull = report.mode === 'full';
  const isComplete = report.deniedBy.length === 0;
  const failures = isFull ? (isComplete ? 0 : held.state.failures + 1) : held.state.failures;
  const usualGap = isFull && report.evidence.endedByVendor ? { usualGap: totalGap(report.evidence) } : {};
  const state: ConnectionState = {
    ...concluded,
    attempts: 0,
    failures,
    projectionVersion: sweep.basis.projectionVersion,
    ...usualGap,
    ...countVolatility(concluded, report),
    ...dueAfter(list, concluded, { report, failures, endedAtMs }),
    ...watchAfter(held.state, { everySeconds: list.everySeconds, report, failures, endedAtMs }),
  };
  await ports.store.releaseLease(held.lease, state);
  await ports.store.deleteBlobs(list.connectionId, [...garbage, ...unnamedBlobs(held.state, state)]);
  return report;
}

/** Blobs that the state before named and this one does not. */
function unnamedBlobs(before: ConnectionState, after: ConnectionState): readonly string[] {
  const named = namedBlobs(after);
  return namedBlobs(before).filter((blob) => !named.includes(blob));
}
