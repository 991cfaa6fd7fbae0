import { describe, expect, it } from 'vitest';
import { connectionId, sweepId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import { noCounts, type SweepReport } from '../../src/sweep/sweep-report.ts';
import { aUserEvent } from '../support/event-envelope.ts';
import { createDeliveryWatch, quantile } from './delivery-watch.ts';
import type { MemoryLook } from './feed-messages.ts';
import { judgeMemory, judgeUnits } from './judge-soak.ts';
import { createReportWatch } from './report-watch.ts';
import { judgeWorld } from './run-soak.ts';
import { readSoakOptions } from './soak-options.ts';
import { createSoakedConsumer } from './soaked-consumer.ts';
import { type SoakedVendor, startSoakedWorld } from './soaked-world.ts';

const minuteMs = 60_000;
const megabyte = 2 ** 20;

function looksOf(bytesAt: (minute: number) => number): readonly MemoryLook[] {
  const minutes = Array.from({ length: 61 }, (_, minute) => minute);
  return minutes.map((minute) => ({ atMs: minute * minuteMs, heapBytes: bytesAt(minute), rssBytes: 200 * megabyte }));
}

describe(judgeMemory, () => {
  it('finds a heap that grows by a hundred kilobytes a minute', () => {
    expect(judgeMemory(looksOf((minute) => (80 + minute / 10) * megabyte))).toMatchObject({ isGood: false });
  });

  it('takes no offence at a beginning that grows, and at noise', () => {
    const { isGood, text } = judgeMemory(
      looksOf((minute) => (minute < 5 ? 40 + minute : 80 + (minute % 3)) * megabyte),
    );

    expect([isGood, text]).toStrictEqual([true, expect.stringMatching(/heap 8\d\.\d MB [+-] 0\.\d MB an hour/)]);
  });
});

describe(judgeUnits, () => {
  const use = (reads: number, writes: number, events = 0) => ({ reads, writes, requests: 20, puts: 0, events });
  const basis = {
    users: 200,
    unchanged: use(12, 10),
    one: use(18, 17),
    changed: [
      { changes: 1, use: use(18, 17) },
      { changes: 20, use: use(44, 62) },
    ],
  } as const;
  const report = aReport({});
  const ask = { basis, idleReads: 3, users: 200, reports: [report, report, report, report], isCalm: true };

  it('finds a sweep that writes twice as much as is calculated, and one that does not write at all', () => {
    expect(judgeUnits({ ...ask, use: { reads: 48, writes: 40, dispatches: 4 } }).isGood).toBe(true);
    expect(judgeUnits({ ...ask, use: { reads: 48, writes: 80, dispatches: 4 } }).isGood).toBe(false);
    expect(judgeUnits({ ...ask, use: { reads: 48, writes: 0, dispatches: 4 } }).isGood).toBe(false);
  });
});

describe(createReportWatch, () => {
  const faulty = {
    connectionIds: ['a'],
    faultTimes: [{ name: 'error', fromMs: 1_000, untilMs: 2_000 }],
    changeTimes: [9_000],
  };
  const watchOf = (report: SweepReport) => {
    const watch = createReportWatch([faulty as unknown as SoakedVendor]);
    watch.take(report);
    return watch.unexplained.length;
  };
  const failure = { code: 'vendor.unavailable', message: 'no' };

  it('finds a failure for which nothing was switched on, and none for which something was', () => {
    expect(watchOf(aReport({ outcome: 'failed', failure, fromMs: 500, untilMs: 1_500 }))).toBe(0);
    expect(watchOf(aReport({ outcome: 'failed', failure, fromMs: 2_500, untilMs: 3_000 }))).toBe(1);
  });

  it('blames a list that moved on a change, but not a failure', () => {
    const at = { fromMs: 8_900, untilMs: 9_100 };

    expect(watchOf(aReport({ outcome: 'incomplete', deniedBy: ['list_moved'], ...at }))).toBe(0);
    expect(watchOf(aReport({ outcome: 'incomplete', deniedBy: ['vetoed'], ...at }))).toBe(1);
    expect(watchOf(aReport({ outcome: 'failed', failure, ...at }))).toBe(1);
  });

  it('finds a hold without a cause, but not one that a fault has opened, whatever came between', () => {
    const holds = [
      { holdId: 'h', kind: 'deleted', reason: 'list_collapsed', count: 1 },
    ] as unknown as SweepReport['holds'];
    const later = { fromMs: 5_000, untilMs: 5_100 };

    expect(watchOf(aReport({ outcome: 'held', holds, ...later }))).toBe(1);

    const watch = createReportWatch([faulty as unknown as SoakedVendor]);
    watch.take(aReport({ outcome: 'held', holds, fromMs: 1_500, untilMs: 1_600 }));
    watch.take(aReport({ fromMs: 3_000, untilMs: 3_100 }));
    watch.take(aReport({ outcome: 'held', holds, ...later }));
    expect(watch.unexplained).toStrictEqual([]);
  });
});

describe(createDeliveryWatch, () => {
  it('counts from the page and from the change, but not what a fault has held up', () => {
    const watch = createDeliveryWatch();
    const seenAt = Date.parse('2026-11-23T08:00:00.000Z');
    const { type, metadata, data } = aUserEvent({ userId: 'u1' });
    const event = { 'detail-type': type, detail: { metadata, data } } as never;
    watch.changed(['acme'], 'u1', seenAt - 4_000);
    watch.delivered(event, seenAt + 300, false);
    watch.changed(['acme'], 'u1', seenAt);
    watch.delivered(event, seenAt + 90_000, true);

    expect(watch.times).toStrictEqual({ fromPage: [300], fromChange: [4_300] });
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
  });
});

describe(createSoakedConsumer, () => {
  it('finds a user whom only the list has, and one whom only the consumer has', async () => {
    const consumer = createSoakedConsumer();
    const { metadata, data } = aUserEvent({ type: 'user.created', userId: 'gone' });
    await consumer.take({
      id: 'e',
      source: 'user-change-feed',
      'detail-type': 'user.created',
      detail: { metadata, data },
    } as never);
    const users = [{ id: 'there', status: 'active' }];
    const list = {
      connectionId: connectionId('acme'),
      projection: [],
      fetchPage: async () => ({ users, rejected: [], next: null, evidence: {} }),
    };

    expect(await consumer.differences(list as never)).toStrictEqual([
      expect.stringMatching(/^acme there: the list has .*, the consumer nobody/s),
      expect.stringMatching(/^acme gone: the list has nobody/),
    ]);
  });
});

describe(startSoakedWorld, () => {
  it('lets the same happen for the same seed, and keeps lists as long as they are', async () => {
    const told = async () => {
      const changed: string[] = [];
      const world = await startSoakedWorld({ seed: 's', isCalm: false, onChange: (_, id) => changed.push(id) });
      for (let nowMs = 0; nowMs < 120_000; nowMs += 1_000) world.play(nowMs);
      world.calm(120_000);
      const faults = world.vendors.map(({ faultTimes }) =>
        faultTimes.map(({ name, fromMs, untilMs }) => [name, fromMs, untilMs]),
      );
      const sizes = world.vendors.map(({ simulator }) => simulator.directory.people().length);
      await world.close();
      return { changed, faults, sizes };
    };
    const [one, other] = [await told(), await told()];

    expect(one).toStrictEqual(other);
    expect(Math.max(...one.sizes)).toBeLessThanOrEqual(200);
    expect(Math.abs(one.faults.flat().length - 30)).toBeLessThan(5);
    expect(one.faults.flat().filter(([, , untilMs]) => untilMs === Number.POSITIVE_INFINITY)).toStrictEqual([]);
    expect(one.changed.length).toBeGreaterThan(100);
  });
});

describe(judgeWorld, () => {
  const vendor = (fired: number, withCredentials = 0) =>
    ({
      simulator: { vendor: 'leen', elsewhere: { withCredentials } },
      faultTimes: [],
      fired: new Map([['error', fired]]),
    }) as unknown as SoakedVendor;
  const isGood = (minutes: number, ...vendors: readonly SoakedVendor[]) =>
    judgeWorld({ vendors }, { minutes, isCalm: false }).isGood;

  it('wants an effect at every vendor of a long soak, and at one of a short one', () => {
    expect([isGood(60, vendor(1), vendor(0)), isGood(60, vendor(1), vendor(2))]).toStrictEqual([false, true]);
    expect([isGood(1, vendor(1), vendor(0)), isGood(1, vendor(0), vendor(0))]).toStrictEqual([true, false]);
  });

  it('finds credentials that were sent elsewhere, however short the soak', () => {
    expect(isGood(1, vendor(1), vendor(1, 1))).toBe(false);
  });
});

describe(readSoakOptions, () => {
  it('takes minutes and a seed, and no other numbers', () => {
    expect(readSoakOptions(['--minutes', '5', '--seed', 'x'])).toStrictEqual({ minutes: 5, seed: 'x', isCalm: false });
    expect(() => readSoakOptions(['--minutes', '-1'])).toThrow();
  });
});

type Told = Partial<Pick<SweepReport, 'outcome' | 'deniedBy' | 'failure' | 'holds'>> & {
  readonly fromMs?: number;
  readonly untilMs?: number;
};

function aReport({
  fromMs = 0,
  untilMs = 100,
  outcome = 'complete',
  deniedBy = [],
  holds = [],
  failure,
}: Told): SweepReport {
  return {
    connectionId: connectionId('a'),
    vendor: 'leen',
    sweepId: sweepId('s'),
    mode: 'full',
    purpose: 'changes',
    outcome,
    startedAt: instant(fromMs),
    endedAt: instant(untilMs),
    counts: noCounts,
    evidence: {},
    deniedBy,
    ticks: 1,
    holds,
    ...(failure && { failure }),
  } as unknown as SweepReport;
}
