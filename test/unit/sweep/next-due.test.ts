import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDueMs } from '../../../src/sweep/next-due.ts';

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
