import { describe, expect, it } from 'vitest';
import type { FleetDay } from '../../../bench/scale/fleet-record.ts';
import { quotaUses } from '../../../bench/scale/quotas.ts';

const none = { mean: 0, p50: 0, p99: 0, max: 0 };
const day: FleetDay = {
  sweeps: 1,
  ticks: 1,
  running: { mean: 5, peak: 80 },
  waiting: { mean: 1, peak: 40 },
  queueAgeMs: none,
  stalenessMs: none,
  beganPerSecond: 10,
  endedPerSecond: 8,
};

function usedBy(users: number, changes: number): Readonly<Record<string, number>> {
  const cost = { reads: 4 + changes, writes: 10 * changes, changes, events: changes, tickMs: [1_000] };
  return Object.fromEntries(quotaUses({ day, cost, users }).map(({ id, used }) => [id, used]));
}

describe(quotaUses, () => {
  it('counts each quota at the peak of the fleet', () => {
    expect(usedBy(1_000, 1)).toStrictEqual({
      concurrency: 80,
      // The index of 1,000 users is 4 units, loaded by ten, and one unit of what changed, by eight.
      reads: 10 * 4 + 8 * 1,
      writes: 8 * 10,
      index: 4,
      commit: 10,
      due: 8 * 2,
      puts: 8,
      queue: 120,
    });
  });

  it('spreads many changes over the time that they take', () => {
    // 2,000 changes at 200 a second.
    expect(usedBy(1_000, 2_000)).toMatchObject({ commit: 20_000 / 10, puts: (8 * 200) / 10 });
  });

  it('reads an index no faster than its partition gives it', () => {
    const { index, reads = Number.NaN } = usedBy(1_000_000, 0);

    expect(index).toBeGreaterThan(3_000);
    expect(reads).toBe(10 * 3_000);
  });
});
