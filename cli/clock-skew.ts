/** By so much two clocks may differ: the header that says it has whole seconds, and answers take time. */
const toleranceMs = 60_000;

/** What is wrong with the clock of this machine, by the `Date` header of somebody's answer; undefined where nothing is. */
export function explainSkew(dateHeader: string | null | undefined, nowMs: number, whose: string): string | undefined {
  const theirMs = Date.parse(dateHeader ?? '');
  const aheadMs = nowMs - theirMs;
  // A header that cannot be read says nothing.
  if (Number.isNaN(aheadMs) || Math.abs(aheadMs) <= toleranceMs) return undefined;
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return `the clock of this machine is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
}

/** What to do about it. */
export const skewRemedy =
  'set the clock, and keep it by NTP: AWS refuses calls that are minutes off, and times are compared';
