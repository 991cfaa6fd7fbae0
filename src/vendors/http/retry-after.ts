import type { HttpHeaders } from './http-client.ts';

/**
 * How long the `Retry-After` header asks to wait, as delta seconds or HTTP date; undefined where it says nothing
 * readable. A date in the past is 0.
 *
 * Source: RFC 9110 §10.2.3 (Retry-After), §5.6.7 (HTTP date, three spellings).
 */
export function readRetryAfterMs(headers: HttpHeaders, nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes almost anything for a date ("5 minutes" is in May), so only what begins with a weekday.
  const atMs = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(asUtc(text)) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** The oldest spelling, `Sun Nov  6 08:49:37 1994`, is in UTC without saying so. */
function asUtc(text: string): string {
  return text.endsWith('GMT') ? text : `${text} GMT`;
}
