import type { ConnectionId } from '../src/model/ids.ts';
import type { TickResult } from '../src/sweep/run-tick.ts';
import { noCounts, type SweepOutcome } from '../src/sweep/sweep-report.ts';

export type Summary = {
  readonly connectionId: ConnectionId;
  readonly outcome: SweepOutcome;
  readonly counts: typeof noCounts;
  /** Why it is not complete, for people. */
  readonly reason?: string;
};

/** What a tick came to, in one word and its counts. */
export function summarize(connectionId: ConnectionId, result: TickResult | undefined): Summary {
  if (result === undefined) return { connectionId, outcome: 'failed', counts: noCounts };
  if (result.kind !== 'swept')
    return { connectionId, outcome: result.kind === 'unknown' ? 'failed' : 'busy', counts: noCounts };
  const { outcome, counts, failure, deniedBy } = result.report;
  const reason = failure?.message ?? (deniedBy.length > 0 ? `not complete: ${deniedBy.join(', ')}` : undefined);
  return { connectionId, outcome, counts, ...(reason !== undefined && { reason }) };
}

/** `<connectionId> <outcome> seen=… created=… updated=… status_changed=… deleted=… held=…` */
export function summaryLine({ connectionId, outcome, counts }: Summary): string {
  const { seen, created, updated, statusChanged, deleted, held } = counts;
  const numbers = { seen, created, updated, status_changed: statusChanged, deleted, held };
  return [connectionId, outcome, ...Object.entries(numbers).map(([name, count]) => `${name}=${count}`)].join(' ');
}

/** Whether a sweep ended as it should. */
export function isGood({ outcome }: Summary): boolean {
  return outcome === 'baseline' || outcome === 'complete';
}
