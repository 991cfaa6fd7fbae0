import type { Instant } from '../src/model/instant.ts';

/** A time for people, in UTC to the second: `2026-11-23 08:15:30`. */
export function showTime(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}
