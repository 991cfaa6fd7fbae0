import type { BrakeRule } from '../model/brake.ts';
import type { BrakeReading } from '../model/hold.ts';

/** How many changes pass under a rule, of so many live users known before. */
export function brakeLimit({ maxCount, maxPercent, neverAbove }: BrakeRule, liveUsers: number): number {
  const byShare = Math.floor((liveUsers * maxPercent) / 100);
  return Math.min(Math.max(maxCount, byShare), neverAbove ?? Number.POSITIVE_INFINITY);
}

/** What the brake says against `found` changes after `recent` ones were published; undefined where they pass. */
export function readBrake(
  rule: BrakeRule,
  { found, recent, liveUsers }: Omit<BrakeReading, 'limit'>,
): BrakeReading | undefined {
  const limit = brakeLimit(rule, liveUsers);
  return found > 0 && found + recent > limit ? { found, recent, limit, liveUsers } : undefined;
}
