import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstant } from '../../src/model/instant.ts';
import { runCount } from '../support/run-count.ts';

const digits = (most: number) => fc.nat(most).map((number) => String(number).padStart(2, '0'));
/** Whatever looks like a date-time in UTC, days and hours that do not exist among them. */
const written = fc
  .tuple(
    fc.integer({ min: 1900, max: 2100 }),
    digits(14),
    digits(33),
    digits(25),
    digits(61),
    digits(61),
    fc.option(fc.nat(999)),
  )
  .map(([year, month, day, hour, minute, second, ms]) => {
    const fraction = ms === null ? '' : `.${String(ms).padStart(3, '0')}`;
    return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`;
  });

describe(readInstant, () => {
  it('reads what is written as it is kept like the same moment written otherwise', () => {
    fc.assert(
      fc.property(written, (text) => {
        // With another sign for UTC it is read as a date.
        expect(readInstant(text)).toBe(readInstant(text.replace('Z', '+00:00')));
      }),
      { numRuns: runCount(5_000) },
    );
  });
});
