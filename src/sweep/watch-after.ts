import { epochMs, type Instant, instant } from '../model/instant.ts';
import { staleAfterIntervals } from '../model/notice.ts';
import type { ConnectionState } from './connection-state.ts';
import { failingAfter, isFailing } from './judge-health.ts';
import type { SweepReport } from './sweep-report.ts';

export type WatchAsk = {
  readonly everySeconds: number;
  readonly report: Pick<SweepReport, 'mode' | 'deniedBy' | 'startedAt'>;
  /** Full sweeps in a row that ended without completing, this one included. */
  readonly failures: number;
  readonly endedAtMs: number;
};

/**
 * When a connection's health is looked at after a sweep: when it becomes stale; at once where it is failing, or may be
 * well again.
 */
export function watchAfter(before: ConnectionState, ask: WatchAsk): Pick<ConnectionState, 'watchAt'> {
  const { everySeconds, report, failures, endedAtMs } = ask;
  const toleranceMs = staleAfterIntervals * everySeconds * 1000;
  const isComplete = report.mode === 'full' && report.deniedBy.length === 0;
  const staleAt = isComplete ? instant(epochMs(report.startedAt) + toleranceMs) : before.watchAt;
  const isNews = isComplete ? wasUnwell(before, toleranceMs, endedAtMs) : failures >= failingAfter;
  const watchAt = isNews || staleAt === undefined ? earlier(before.watchAt, instant(endedAtMs)) : staleAt;
  return { watchAt };
}

function wasUnwell(before: ConnectionState, toleranceMs: number, nowMs: number): boolean {
  const { lastComplete } = before;
  if (isFailing(before)) return true;
  return lastComplete === undefined || epochMs(lastComplete.startedAt) + toleranceMs < nowMs;
}

function earlier(a: Instant | undefined, b: Instant): Instant {
  return a !== undefined && a < b ? a : b;
}
