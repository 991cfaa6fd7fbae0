import type { HttpLimits } from './http-limits.ts';

/** What a failed try knows about trying again. */
export type RetryQuestion = {
  /** Tries made so far, at least 1. */
  readonly tries: number;
  /** Since the first try began. */
  readonly elapsedMs: number;
  /** What the vendor asked for, where it did. */
  readonly retryAfterMs?: number | undefined;
};

/**
 * Answers that may be different in a moment. Never 400, 401, 403, 404, 409 or 422.
 * Assumed: only Truto says what may pass, in truto.one/docs/api-reference/overview/errors (stored copy, 2026-11).
 */
const retryableStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

export function isRetryableStatus(status: number): boolean {
  return retryableStatuses.has(status);
}

/**
 * How long to wait before the next try, or `give_up`: after the last try, when the vendor asks for longer than the
 * bound, or when the time for all tries would run out while waiting. Full jitter, never earlier than the vendor asks.
 */
export function planRetry(question: RetryQuestion, limits: HttpLimits, random: () => number): number | 'give_up' {
  if (question.tries >= limits.maxTries) return 'give_up';
  const askedMs = question.retryAfterMs ?? 0;
  if (askedMs > limits.maxRetryAfterMs) return 'give_up';
  const ceilingMs = Math.min(limits.maxBackOffMs, limits.backOffMs * 2 ** (question.tries - 1));
  const waitMs = Math.max(askedMs, Math.floor(random() * ceilingMs));
  return question.elapsedMs + waitMs > limits.maxElapsedMs ? 'give_up' : waitMs;
}
