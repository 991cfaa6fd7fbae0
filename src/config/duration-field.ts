import * as z from 'zod/mini';
import { durationPattern, formatDuration, parseDuration } from './duration.ts';
import { says, showValue } from './wording.ts';

export type DurationBounds = {
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Ends a message, where the bounds do not hold everywhere: ` in the deployed runtime`. */
  readonly where?: string;
};

/** A duration such as `15m`, read as seconds. */
export function durationField({ minSeconds, maxSeconds, where = '' }: DurationBounds) {
  const advise = (input: unknown): string =>
    typeof input === 'number' && input > 0 ? `: a duration has a unit, e.g. "${formatDuration(Math.ceil(input))}"` : '';
  const text = z.string(says('a duration like 30s, 15m, 12h or 7d', advise)).check(z.regex(durationPattern));
  const read = z.transform((duration: string, context) => {
    const seconds = parseDuration(duration) ?? 0;
    if (seconds >= minSeconds && seconds <= maxSeconds) return seconds;
    const message = `expected ${formatDuration(minSeconds)} to ${formatDuration(maxSeconds)}${where}, found ${showValue(duration)}`;
    context.issues.push({ code: 'custom', input: duration, message });
    return z.NEVER;
  });
  return z.pipe(text, read);
}
