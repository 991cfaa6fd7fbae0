import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestBudgets } from '../../../../src/vendors/http/create-request-budgets.ts';
import type { RequestBudget } from '../../../../src/vendors/http/request-budget.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

type Arrival = { readonly atMs: number; readonly budgets: readonly RequestBudget[]; readonly deadlineMs?: number };
type Departure = { readonly arrival: number; readonly outcome: string; readonly atMs: number };

/** What becomes of requests that come at given times, in the order in which they are let go. */
async function play(arrivals: readonly Arrival[], lateMs: readonly number[] = []): Promise<readonly Departure[]> {
  let sleeps = 0;
  const clock = createVirtualClock();
  const budgets = createRequestBudgets({
    nowMs: clock.nowMs,
    sleep: (ms) => clock.sleep(ms + (lateMs[sleeps++ % Math.max(1, lateMs.length)] ?? 0)),
  });
  const departures: Departure[] = [];
  const come = async ({ atMs, budgets: wanted, deadlineMs }: Arrival, arrival: number) => {
    await clock.sleep(atMs);
    const outcome = await budgets.take(wanted, deadlineMs);
    departures.push({ arrival, outcome, atMs: clock.nowMs() });
  };
  // Not awaited: whoever waits for ever is missing among the departures.
  for (const [arrival, whoever] of arrivals.entries()) void come(whoever, arrival);
  await clock.run();
  return departures;
}

const timesOf = (departures: readonly Departure[]) => departures.map(({ atMs }) => atMs);
const all = (count: number, budgets: readonly RequestBudget[]) =>
  Array.from({ length: count }, () => ({ atMs: 0, budgets }));
const three = { key: 'three', requests: 3, perMs: 100 };
const one = { key: 'one', requests: 1, perMs: 40 };

describe(createRequestBudgets, () => {
  it('lets as many go at once as the budget has, and the next ones when those leave the stretch', async () => {
    expect(timesOf(await play(all(7, [three])))).toStrictEqual([0, 0, 0, 100, 100, 100, 200]);
  });

  it('lets everybody go who has no budget', async () => {
    expect(timesOf(await play(all(5, [])))).toStrictEqual([0, 0, 0, 0, 0]);
  });

  it('counts a stretch from each request, not from a full hour', async () => {
    const arrivals = [0, 90, 95, 99].map((atMs) => ({ atMs, budgets: [three] }));

    expect(timesOf(await play([...arrivals, { atMs: 99, budgets: [three] }]))).toStrictEqual([0, 90, 95, 100, 190]);
  });

  it('asks for no sleep of less than nothing, however long it takes to plan', async () => {
    // The plan of the fourth is made at 10, for 100; when it is made it is 150.
    const looks = [0, 0, 0, 10, 150];
    const slept: number[] = [];
    const budgets = createRequestBudgets({
      nowMs: () => looks.shift() ?? 200,
      sleep: async (ms) => void slept.push(ms),
    });

    await Promise.all(all(4, [three]).map(({ budgets: wanted }) => budgets.take(wanted)));

    expect(slept).toStrictEqual([0]);
  });

  it('waits until every budget has room', async () => {
    expect(timesOf(await play(all(4, [three, one])))).toStrictEqual([0, 40, 80, 120]);
  });

  it('keeps budgets of other keys apart', async () => {
    const arrivals = [...all(2, [one]), ...all(1, [{ ...one, key: 'two' }])];

    expect(await play(arrivals)).toStrictEqual([
      { arrival: 0, outcome: 'taken', atMs: 0 },
      { arrival: 2, outcome: 'taken', atMs: 0 },
      { arrival: 1, outcome: 'taken', atMs: 40 },
    ]);
  });

  it('does not let whoever waits for one budget block the room of another', async () => {
    const arrivals = [...all(2, [one, three]), { atMs: 1, budgets: [three] }];

    expect(await play(arrivals)).toContainEqual({ arrival: 2, outcome: 'taken', atMs: 1 });
  });

  it('says at once that there is no room before the deadline, and counts nothing', async () => {
    const arrivals = [...all(1, [one]), { atMs: 1, budgets: [one], deadlineMs: 39 }, { atMs: 2, budgets: [one] }];

    expect(await play(arrivals)).toStrictEqual([
      { arrival: 0, outcome: 'taken', atMs: 0 },
      { arrival: 1, outcome: 'too_late', atMs: 1 },
      { arrival: 2, outcome: 'taken', atMs: 40 },
    ]);
  });

  it('does not let a late timer bring two requests closer together', async () => {
    expect(timesOf(await play(all(3, [one]), [15, 0]))).toStrictEqual([0, 55, 95]);
  });

  it('does not wait for times that a clock set back has yet to reach', async () => {
    let nowMs = 1_000_000;
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      nowMs += ms;
    };
    const budgets = createRequestBudgets({ nowMs: () => nowMs, sleep });

    await budgets.take([one]);
    nowMs = 0;
    await budgets.take([one]);

    expect(slept).toStrictEqual([40]);
  });
});

const anyBudget = (key: string) =>
  fc.record({
    key: fc.constant(key),
    requests: fc.integer({ min: 1, max: 4 }),
    perMs: fc.integer({ min: 1, max: 60 }),
  });
const scene = fc.tuple(anyBudget('a'), anyBudget('b'), anyBudget('c')).chain((known) =>
  fc.record({
    known: fc.constant(known),
    arrivals: fc.array(
      fc.record({ atMs: fc.integer({ min: 0, max: 120 }), budgets: fc.subarray(known, { minLength: 1 }) }),
      { minLength: 1, maxLength: 24 },
    ),
  }),
);
const runs = { numRuns: 150 };

describe('request budgets, whoever comes', () => {
  it('keep every limit in every stretch, and let everybody go', async () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(scene, lateness, async ({ known, arrivals }, lateMs) => {
        const departures = await play(arrivals, lateMs);

        expect(departures).toHaveLength(arrivals.length);
        for (const { key, requests, perMs } of known) {
          const counted = departures.filter(({ arrival }) => arrivals[arrival]?.budgets.some((one) => one.key === key));
          const times = timesOf(counted);
          for (const [index, atMs] of times.entries())
            expect((times[index + requests] ?? Number.POSITIVE_INFINITY) - atMs).toBeGreaterThanOrEqual(perMs);
        }
      }),
      runs,
    );
  });

  it('keep the order of those who need the same', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ arrivals }) => {
        const inTime = arrivals.toSorted((a, b) => a.atMs - b.atMs);
        const departures = await play(inTime);

        const needs = (arrival: number) => JSON.stringify(inTime[arrival]?.budgets);
        for (const group of Map.groupBy(departures, ({ arrival }) => needs(arrival)).values()) {
          const order = group.map(({ arrival }) => arrival);
          expect(order).toStrictEqual(order.toSorted((a, b) => a - b));
        }
      }),
      runs,
    );
  });

  it('let nobody wait longer because of somebody who came later', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ arrivals }) => {
        const inTime = arrivals.toSorted((a, b) => a.atMs - b.atMs);
        const byArrival = (departures: readonly Departure[]) =>
          timesOf(departures.toSorted((a, b) => a.arrival - b.arrival));
        const alone = byArrival(await play(inTime.slice(0, Math.ceil(inTime.length / 2))));

        expect(byArrival(await play(inTime)).slice(0, alone.length)).toStrictEqual(alone);
      }),
      runs,
    );
  });
});
