import { epochMs } from '../../src/model/instant.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import type { SoakedVendor } from './soaked-world.ts';

/** Every sweep's report, and those that went wrong with nothing to blame for it. */
export type ReportWatch = {
  readonly reports: readonly SweepReport[];
  /** Sweeps that ended badly while nothing was switched on, in words. */
  readonly unexplained: readonly string[];
  /** Outcomes with their counts. */
  readonly outcomes: ReadonlyMap<string, number>;
  take(report: SweepReport): void;
  /** Whether a vendor had a fault switched on in this stretch. */
  wasFaulty(connectionId: string, fromMs: number, untilMs: number): boolean;
  /** Forgets what was told so far. */
  reset(): void;
};

function describeHold({ kind, reason, fields = [], brake, count, ending }: SweepReport['holds'][number]): string {
  return [`${count} ${kind}`, reason, ...fields, ...(brake ? [JSON.stringify(brake)] : []), ending ?? 'open'].join(' ');
}

/** What a list that changes while it is read denies by itself. */
const deniedByChange: ReadonlySet<string> = new Set(['list_moved', 'total_moved', 'total_differs']);

export function createReportWatch(vendors: readonly SoakedVendor[]): ReportWatch {
  const reports: SweepReport[] = [];
  const unexplained: string[] = [];
  const outcomes = new Map<string, number>();
  /** Those that were open while something was switched on. */
  const explainedHolds = new Set<string>();
  const vendorOf = (connectionId: string) => vendors.find(({ connectionIds }) => connectionIds.includes(connectionId));
  const wasFaulty = (connectionId: string, fromMs: number, untilMs: number) =>
    vendorOf(connectionId)?.faultTimes.some((fault) => fault.fromMs <= untilMs && fault.untilMs >= fromMs) ?? false;
  const describeFault = (connectionId: string, atMs: number) => {
    const last = vendorOf(connectionId)?.faultTimes.findLast(({ fromMs }) => fromMs <= atMs);
    return last === undefined
      ? 'nothing was switched on before'
      : `${last.name} was switched on ${atMs - last.fromMs} ms before, off ${atMs - last.untilMs} ms before`;
  };
  const isExplained = ({ connectionId, startedAt, endedAt, failure, deniedBy, outcome, holds }: SweepReport) => {
    const [fromMs, untilMs] = [epochMs(startedAt), epochMs(endedAt)];
    if (wasFaulty(connectionId, fromMs, untilMs)) return true;
    // A hold lasts until a complete list shows that what it keeps back is not so, or somebody decides on it.
    if (outcome === 'held') return holds.length > 0 && holds.every(({ holdId }) => explainedHolds.has(holdId));
    const changed = vendorOf(connectionId)?.changeTimes.some((atMs) => atMs >= fromMs && atMs <= untilMs) ?? false;
    return changed && failure === undefined && deniedBy.every((rule) => deniedByChange.has(rule));
  };
  return {
    reports,
    unexplained,
    outcomes,
    wasFaulty,
    take(report) {
      const { connectionId, mode, outcome, deniedBy, failure } = report;
      reports.push(report);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const isGood = outcome === 'complete' || outcome === 'baseline';
      if (wasFaulty(connectionId, epochMs(report.startedAt), epochMs(report.endedAt)))
        for (const { holdId } of report.holds) explainedHolds.add(holdId);
      if (!isGood && !isExplained(report))
        unexplained.push(
          `${connectionId} ${mode} ${outcome} at ${report.startedAt}: ${failure?.message ?? [...deniedBy, ...report.holds.map(describeHold)].join(' ')}` +
            `; counted ${JSON.stringify(report.counts)}; ${describeFault(connectionId, epochMs(report.startedAt))}`,
        );
    },
    reset() {
      reports.length = 0;
      unexplained.length = 0;
      outcomes.clear();
    },
  };
}
