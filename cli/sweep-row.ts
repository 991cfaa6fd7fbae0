import type { SweepId } from '../src/model/ids.ts';
import type { SweepCounts, SweepReport } from '../src/sweep/sweep-report.ts';
import { showTime } from './show-time.ts';

/** Below this many columns, a column for each count does not fit. */
const wide = 118;

/** A sweep as a row of a table; on a narrow terminal, with the counts that are not zero in one column. */
export function sweepRow(report: SweepReport, width: number): Readonly<Record<string, string>> {
  const { startedAt, sweepId, mode, purpose, outcome, counts } = report;
  const numbers = countsOf(counts);
  const told = Object.entries(numbers).filter(([name, count]) => count > 0 || name === 'seen');
  return {
    started: showTime(startedAt),
    sweep: shortSweepId(sweepId),
    mode,
    purpose,
    outcome,
    ...(width >= wide
      ? Object.fromEntries(Object.entries(numbers).map(([name, count]) => [name, String(count)]))
      : { counts: told.map(([name, count]) => `${name}=${count}`).join(' ') }),
  };
}

/** What tells a sweep from others for people: without the time, which stands beside it. */
export function shortSweepId(sweepId: SweepId): string {
  return /-([0-9a-f]{8})$/.exec(sweepId)?.[1] ?? sweepId;
}

function countsOf({ seen, created, updated, statusChanged, deleted, held, missing }: SweepCounts) {
  return { seen, created, updated, status_changed: statusChanged, deleted, held, missing };
}
