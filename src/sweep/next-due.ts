import { dispositions, type FeedErrorCode } from '../model/feed-error.ts';

export type DueAsk = {
  readonly nowMs: number;
  readonly everySeconds: number;
  /** Sweeps in a row that ended without completing, this one included. */
  readonly failures: number;
  readonly failureCode: string | undefined;
};

/** Refused credentials are asked for again rarely: every try may count against the customer's account. */
const longBackOffSeconds = 3600;
const maxBackOffSeconds = 6 * 3600;

/**
 * When a connection is due again: after its interval; failing ones later and later, doubling up to six hours but
 * never sooner than their interval.
 */
export function nextDueMs({ nowMs, everySeconds, failures, failureCode }: DueAsk): number {
  if (failures === 0) return nowMs + everySeconds * 1000;
  const disposition =
    failureCode !== undefined && failureCode in dispositions ? dispositions[failureCode as FeedErrorCode] : undefined;
  const base = disposition === 'long_back_off' ? Math.max(everySeconds, longBackOffSeconds) : everySeconds;
  const doubled = base * 2 ** Math.min(failures - 1, 10);
  return nowMs + Math.max(everySeconds, Math.min(doubled, maxBackOffSeconds)) * 1000;
}
