import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, nextDueMs } from '../../../src/sweep/next-due.ts';

const minute = 60_000;
const fine = { failures: 0, failureCode: undefined };

describe(nextDueMs, () => {
  it('goes on from when it was due, not from when the sweep ended', () => {
    const next = nextDueMs({ ...fine, dueMs: 0, nowMs: 65_000, everySeconds: 900 });

    expect(next).toBe(15 * minute);
  });

  it('leaves out what an outage has missed', () => {
    const next = nextDueMs({ ...fine, dueMs: 0, nowMs: 101 * minute, everySeconds: 900 });

    expect(next).toBe(105 * minute);
  });

  it('leaves a sweep where it is due when another one was asked for before', () => {
    const next = nextDueMs({ ...fine, dueMs: 10 * minute, nowMs: minute, everySeconds: 900 });

    expect(next).toBe(10 * minute);
  });

  it('comes back to the interval when a sweep that was asked for has ended a back-off', () => {
    const next = nextDueMs({ ...fine, dueMs: 300 * minute, nowMs: minute, everySeconds: 900 });

    expect(next).toBe(16 * minute);
  });

  it('counts a back-off from the end of the sweep', () => {
    const next = nextDueMs({ ...fine, failures: 2, dueMs: 0, nowMs: minute, everySeconds: 900 });

    expect(next).toBe(31 * minute);
  });

  it('is an interval after the moment it was due in, where a sweep has ended in that moment', () => {
    const next = nextDueMs({ ...fine, dueMs: minute, nowMs: minute, everySeconds: 900 });

    expect(next).toBe(16 * minute);
  });

  it('has a connection swept as often as it is to be, by a dispatcher that looks once a minute', () => {
    const everySeconds = fc.constantFrom(60, 120, 300, 900);
    const ms = fc.integer({ min: 0, max: 50_000 });
    fc.assert(
      fc.property(
        everySeconds,
        ms,
        ms,
        fc.array(ms, { minLength: 1, maxLength: 5 }),
        (every, phase, delay, durations) => {
          let dueMs = phase;
          let endsAtMs = 0;
          let sweeps = 0;
          for (let dispatchMs = minute; dispatchMs <= 240 * minute; dispatchMs += minute) {
            if (dueMs > dispatchMs || endsAtMs > dispatchMs) continue;
            const startedMs = dispatchMs + Math.min(delay, (every * 1000) / 15);
            endsAtMs = startedMs + (durations[sweeps % durations.length] ?? 0);
            sweeps += 1;
            dueMs = nextDueMs({ ...fine, dueMs, nowMs: endsAtMs, everySeconds: every });
          }

          expect(sweeps).toBeGreaterThanOrEqual((240 * 60) / every - 1);
          expect(sweeps).toBeLessThanOrEqual((240 * 60) / every + 1);
        },
      ),
    );
  });
});

describe(backOffMs, () => {
  it.each([
    { what: 'its interval after one failure', everySeconds: 900, failures: 1, minutes: 15 },
    { what: 'twice that after two', everySeconds: 900, failures: 2, minutes: 30 },
    { what: 'six hours at most', everySeconds: 900, failures: 30, minutes: 360 },
    { what: 'never less than an interval of a day', everySeconds: 86_400, failures: 3, minutes: 1_440 },
  ])('makes a connection wait $what', ({ everySeconds, failures, minutes }) => {
    expect(backOffMs({ everySeconds, failures, failureCode: undefined })).toBe(minutes * minute);
  });

  it.each([
    { what: 'an hour where its credentials are refused', failureCode: 'vendor.unauthorized', minutes: 60 },
    { what: 'an interval where the vendor is down', failureCode: 'vendor.unavailable', minutes: 15 },
    { what: 'an interval where a fault has a code of another version', failureCode: 'vendor.tired', minutes: 15 },
  ])('makes a connection wait $what', ({ failureCode, minutes }) => {
    expect(backOffMs({ everySeconds: 900, failures: 1, failureCode })).toBe(minutes * minute);
  });

  it('makes a connection with refused credentials wait for its interval where that is longer than an hour', () => {
    const refused = { failures: 1, failureCode: 'vendor.forbidden' };

    expect(backOffMs({ ...refused, everySeconds: 7_200 })).toBe(120 * minute);
  });
});
