import { describe, expect, it } from 'vitest';
import { type Fleet, simulateFleet } from '../../../bench/scale/simulate-fleet.ts';

const minuteMs = 60_000;

function fleetOf(wish: Partial<Fleet> = {}): Fleet {
  return {
    connections: 300,
    everyMs: 10 * minuteMs,
    tickMs: [4_000],
    spread: 0,
    phases: 'apart',
    concurrency: 1_000,
    lastsMs: 10 * 60 * minuteMs,
    seed: 'a',
    ...wish,
  };
}

const secondsOf = ({ lastsMs }: Fleet) => lastsMs / 1000;

describe(simulateFleet, () => {
  it('sweeps every connection once an interval', () => {
    expect(simulateFleet(fleetOf()).sweeps).toBeGreaterThanOrEqual(300 * 59);
    expect(simulateFleet(fleetOf()).sweeps).toBeLessThanOrEqual(300 * 60);
  });

  it('has as many functions running as arrive in the time that one takes: the law of Little', () => {
    const day = simulateFleet(fleetOf({ spread: 0.5 }));

    const arriving = day.sweeps / secondsOf(fleetOf());
    expect(day.running.mean).toBeCloseTo(arriving * 4, 1);
  });

  it('has as many messages waiting as arrive in the time that one waits: the law of Little', () => {
    const fleet = fleetOf({ phases: 'together', concurrency: 3, spread: 0.5 });
    const day = simulateFleet(fleet);

    const arriving = day.ticks / secondsOf(fleet);
    expect(day.queueAgeMs.mean).toBeGreaterThan(minuteMs);
    expect(day.waiting.mean / ((arriving * day.queueAgeMs.mean) / 1000)).toBeCloseTo(1, 1);
  });

  it('lets what is known become as old as the interval and the sweep where nobody waits', () => {
    const { stalenessMs, queueAgeMs } = simulateFleet(fleetOf());

    const age = 10 * minuteMs + 4_000;
    expect(queueAgeMs.max).toBe(0);
    expect(stalenessMs).toStrictEqual({ mean: age, p50: age, p99: age, max: age });
  });

  it('never runs more functions than it may', () => {
    expect(simulateFleet(fleetOf({ phases: 'together', concurrency: 7 })).running.peak).toBe(7);
  });

  it('runs as many at once as one moment asks for, where it may', () => {
    const { running } = simulateFleet(fleetOf({ phases: 'together', everyMs: minuteMs, tickMs: [50_000] }));

    expect(running.peak).toBe(300);
  });

  it('misses intervals where there are too few functions for the work', () => {
    // 300 sweeps of 4 s on one function take 20 minutes.
    const { stalenessMs, sweeps } = simulateFleet(fleetOf({ concurrency: 1 }));

    expect(stalenessMs.p50).toBeGreaterThan(19 * minuteMs);
    expect(sweeps).toBeLessThan(300 * 31);
  });

  it('ends a sweep of several ticks with the last of them', () => {
    const { sweeps, ticks, stalenessMs } = simulateFleet(fleetOf({ tickMs: [3_000, 2_000, 1_000] }));

    expect(ticks / sweeps).toBeCloseTo(3, 1);
    expect(stalenessMs.max).toBe(10 * minuteMs + 6_000);
  });

  it('is the same day for the same seed, and another one for another', () => {
    const noisy = { spread: 0.5, lastsMs: 60 * minuteMs };

    expect(simulateFleet(fleetOf(noisy))).toStrictEqual(simulateFleet(fleetOf(noisy)));
    expect(simulateFleet(fleetOf(noisy))).not.toStrictEqual(simulateFleet(fleetOf({ ...noisy, seed: 'b' })));
  });
});
