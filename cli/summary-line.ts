import type { ConnectionId } from '../src/model/ids.ts';
import type { HoldNotice } from '../src/model/log-batch.ts';
import { noCounts, type SweepOutcome, type SweepReport } from '../src/sweep/sweep-report.ts';
import type { TickResult } from '../src/sweep/tick.ts';

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
  if (result.kind === 'removed')
    return { connectionId, outcome: 'failed', counts: noCounts, reason: 'the connection was removed' };
  if (result.kind !== 'swept')
    return { connectionId, outcome: result.kind === 'unknown' ? 'failed' : 'busy', counts: noCounts };
  const { outcome, counts } = result.report;
  const reason = reasonOf(result.report);
  return { connectionId, outcome, counts, ...(reason !== undefined && { reason }) };
}

function reasonOf({ failure, deniedBy, holds }: SweepReport): string | undefined {
  if (failure !== undefined) return failure.message;
  if (deniedBy.length > 0) return `not complete: ${deniedBy.join(', ')}`;
  const open = holds.filter(({ ending }) => ending === undefined);
  return open.length === 0 ? undefined : open.map(describeHold).join('; ');
}

function describeHold({ holdId, kind, reason, fields, count }: HoldNotice): string {
  const what = fields === undefined ? '' : ` of ${fields.join(', ')}`;
  return `${count} x ${kind} held, ${reason}${what} (ucf holds show ${holdId})`;
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
