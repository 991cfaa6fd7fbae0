import { calculateSweep, type SweepBasis } from '../../bench/calculated-sweep.ts';
import { fitLine } from '../../bench/fit.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import type { MemoryLook, TableUse } from './feed-messages.ts';

/** What was found out about one thing, and whether that is as it has to be. */
export type Verdict = { readonly isGood: boolean; readonly text: string };

const megabyte = 2 ** 20;
const minuteMs = 60_000;
/** Until then a process compiles, fills its caches and finds its size. */
const warmUpMs = 5 * minuteMs;
/** Less says nothing: a line through noise has a slope of its own. */
const leastMs = 5 * minuteMs;

/** What an hour may add. The files of the table are mapped into what is resident. */
const mostPerHour = { heapBytes: 3 * megabyte, rssBytes: 64 * megabyte };

/** Whether memory after collection stays what it is, by the line through all looks after the warm-up. */
export function judgeMemory(looks: readonly MemoryLook[]): Verdict {
  const beganAt = looks[0]?.atMs ?? 0;
  const counted = looks.filter(({ atMs }) => atMs >= beganAt + warmUpMs);
  const lastsMs = (counted.at(-1)?.atMs ?? 0) - (counted[0]?.atMs ?? 0);
  if (lastsMs < leastMs) return { isGood: true, text: 'memory: too short to tell' };
  const slopes = (['heapBytes', 'rssBytes'] as const).map((name) => {
    const points = counted.map((look) => ({ x: (look.atMs - beganAt) / (60 * minuteMs), y: look[name] }));
    const { base, perOne } = fitLine(points);
    return { name, base, perOne };
  });
  const isGood = slopes.every(({ name, perOne }) => perOne <= mostPerHour[name]);
  const words = slopes.map(
    ({ name, base, perOne }) =>
      `${name === 'heapBytes' ? 'heap' : 'rss'} ${inMb(base)} MB ${perOne < 0 ? '-' : '+'} ${inMb(Math.abs(perOne))} MB an hour`,
  );
  return { isGood, text: `memory after collection: ${words.join(', ')} (${counted.length} looks)` };
}

function inMb(bytes: number): string {
  return (bytes / megabyte).toFixed(1);
}

export type UnitsAsk = {
  readonly use: TableUse;
  readonly basis: SweepBasis;
  /** Of the dispatcher with nobody due. */
  readonly idleReads: number;
  readonly users: number;
  readonly reports: readonly SweepReport[];
  readonly isCalm: boolean;
};

/** Bounds of what was used, as shares of what was calculated. What a fault makes a list look like costs holds and their end. */
const sharesOf = (isCalm: boolean, sweeps: number) => ({
  atLeast: 0.8,
  atMost: isCalm ? 1.1 : sweeps < fewSweeps ? 2.5 : 1.5,
});
/** Among so few, one such list weighs much. */
const fewSweeps = 1_000;

/**
 * Whether the table was used as it is calculated for the bill: each sweep from its users and changes. The stream of this
 * runtime is a read of the log, which the service does not charge for: a get and a query a sweep.
 */
export function judgeUnits({ use, basis, idleReads, users, reports, isCalm }: UnitsAsk): Verdict {
  const calculated = { reads: use.dispatches * idleReads, writes: 0 };
  for (const { counts } of reports) {
    const changes = counts.created + counts.updated + counts.statusChanged + counts.deleted + counts.restored;
    const { reads, writes } = calculateSweep(basis, { users, changes });
    calculated.reads += reads - idleReads + streamReads;
    calculated.writes += writes;
  }
  const shares = { reads: use.reads / calculated.reads, writes: use.writes / calculated.writes };
  const { atLeast, atMost } = sharesOf(isCalm, reports.length);
  const isGood = Object.values(shares).every((share) => share >= atLeast && share <= atMost);
  const sweeps = Math.max(1, reports.length);
  const words = (['reads', 'writes'] as const).map(
    (unit) =>
      `${(use[unit] / sweeps).toFixed(1)} ${unit} a sweep, ${(100 * shares[unit]).toFixed(0)} % of the calculated ${(calculated[unit] / sweeps).toFixed(1)}`,
  );
  return { isGood, text: `units: ${words.join('; ')} (${reports.length} sweeps, ${use.dispatches} dispatches)` };
}

const streamReads = 2;
