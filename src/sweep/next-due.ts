import { dispositions, type FeedErrorCode } from '../model/feed-error.ts';

export type DueAsk = {
  /** When the sweep that has ended was due. It may have been asked for earlier, or dispatched much later. */
  readonly dueMs: number;
  /** The end of the sweep. */
  readonly nowMs: number;
  readonly everySeconds: number;
  /** Sweeps in a row that ended without completing, this one included. */
  readonly failures: number;
  readonly failureCode: string | undefined;
};

/** Refused credentials are asked for again rarely: every try may count against the customer's account. */
const longBackOffSeconds = 3600;
const maxBackOffSeconds = 6 * 3600;

/** The dispatcher looks once a minute: what is overdue by less has not been missed. */
const dispatchMs = 60_000;

/**
 * When a connection is due again: an interval after it was due, whatever dispatcher and sweep have taken of it; failing
 * ones later and later, doubling up to six hours but never sooner than their interval.
 */
export function nextDueMs(ask: DueAsk): number {
  return ask.failures === 0 ? onGridMs(ask) : ask.nowMs + backOffMs(ask);
}

function onGridMs({ dueMs, nowMs, everySeconds }: DueAsk): number {
  const everyMs = everySeconds * 1000;
  if (dueMs > nowMs) return Math.min(dueMs, nowMs + everyMs);
  const missed = Math.floor(Math.max(0, nowMs - dispatchMs - dueMs) / everyMs);
  return dueMs + (missed + 1) * everyMs;
}

/** How long a connection waits after so many failures in a row. */
export function backOffMs({
  everySeconds,
  failures,
  failureCode,
}: Pick<DueAsk, 'everySeconds' | 'failures' | 'failureCode'>): number {
  const disposition =
    failureCode !== undefined && failureCode in dispositions ? dispositions[failureCode as FeedErrorCode] : undefined;
  const base = disposition === 'long_back_off' ? Math.max(everySeconds, longBackOffSeconds) : everySeconds;
  const doubled = base * 2 ** Math.min(failures - 1, 10);
  return Math.max(everySeconds, Math.min(doubled, maxBackOffSeconds)) * 1000;
}
