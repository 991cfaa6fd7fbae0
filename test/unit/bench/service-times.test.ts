import { describe, expect, it } from 'vitest';
import { assumed } from '../../../bench/monthly-bill.ts';
import { sweepCost } from '../../../bench/scale/service-times.ts';

const results = (users: number) =>
  new Map([
    [`cost.reads.${users}.1`, { value: 70, reference: null }],
    [`cost.writes.${users}.1`, { value: 30, reference: null }],
    [`cost.requests.${users}.1`, { value: 50, reference: null }],
    ['waiting.openproject.list', { value: 3, reference: 12 }],
    ['cpu.openproject.digests', { value: 20, reference: null }],
  ]);
const measuredOf = (users: number) => (id: string) => results(users).get(id);
const walkMs = ({ tickMs }: { readonly tickMs: readonly number[] }) => tickMs.reduce((sum, ms) => sum + ms, 0);

describe(sweepCost, () => {
  it('adds up waiting, computing with the share of a processor, calls and what each sweep takes besides', () => {
    const { tickMs, ...cost } = sweepCost({ users: 1_000, isAhead: false }, measuredOf(1_000));

    const waitingMs = (1_000 / assumed.usersPerPage) * assumed.vendorSecondsPerPage * 1000;
    const computingMs = ((1_000 * 20) / 1000) * (1_769 / 512);
    expect(tickMs).toHaveLength(1);
    expect(tickMs[0]).toBeCloseTo(waitingMs + computingMs + 50 * 2 + assumed.secondsPerSweepBesides * 1000);
    expect(cost).toStrictEqual({ reads: 70, writes: 30, changes: 1, events: 1 });
  });

  it('waits a quarter as long where pages asked for ahead took a quarter', () => {
    const [inTurn, ahead] = [false, true].map((isAhead) =>
      walkMs(sweepCost({ users: 1_000, isAhead }, measuredOf(1_000))),
    );

    expect((inTurn ?? 0) - (ahead ?? 0)).toBeCloseTo(0.75 * 5 * 300);
  });

  it('cuts a long walk into ticks without making it shorter', () => {
    const { tickMs } = sweepCost({ users: 1_000_000, isAhead: false }, measuredOf(1_000_000));

    const waitingMs = 5_000 * 300;
    const computingMs = ((1_000_000 * 20) / 1000) * (1_769 / 512);
    expect(tickMs.slice(0, -1)).toStrictEqual([870_000]);
    expect(walkMs({ tickMs })).toBeCloseTo(waitingMs + computingMs + 50 * 2 + 400);
  });

  it('names the result that is missing', () => {
    expect(() => sweepCost({ users: 500, isAhead: true }, measuredOf(1_000))).toThrow(/cost\.requests\.500\.1/);
  });
});
