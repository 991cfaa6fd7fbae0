import type { Fleet } from './simulate-fleet.ts';

/** What a simulated day came to. Times in milliseconds. */
export type FleetDay = {
  readonly sweeps: number;
  readonly ticks: number;
  /** Functions at once. */
  readonly running: { readonly mean: number; readonly peak: number };
  /** Messages that could have been taken and were not. */
  readonly waiting: { readonly mean: number; readonly peak: number };
  /** How long messages waited beyond their jitter. */
  readonly queueAgeMs: Quantiles;
  /** How old what consumers knew of a connection became until a sweep renewed it. */
  readonly stalenessMs: Quantiles;
  /** Ticks begun, and sweeps ended, in the second with the most of them. */
  readonly beganPerSecond: number;
  readonly endedPerSecond: number;
};

export type Quantiles = { readonly mean: number; readonly p50: number; readonly p99: number; readonly max: number };

export type FleetRecord = {
  /** Time went on to here; until now so many ran and waited. */
  pass(nowMs: number, running: number, waiting: number): void;
  began(nowMs: number, waitedMs: number): void;
  /** `shownMs`: start of the sweep before. */
  completed(nowMs: number, shownMs: number | undefined): void;
  close(running: number, waiting: number): FleetDay;
};

export function createFleetRecord({ lastsMs }: Pick<Fleet, 'lastsMs'>): FleetRecord {
  const seconds = Math.ceil(lastsMs / 1000);
  const [began, ended] = [new Uint32Array(seconds), new Uint32Array(seconds)];
  const [queueAges, staleness]: [number[], number[]] = [[], []];
  const sums = { running: 0, waiting: 0 };
  const peaks = { running: 0, waiting: 0 };
  let lastMs = 0;
  let sweeps = 0;
  const count = (into: Uint32Array, nowMs: number) => {
    const second = Math.floor(nowMs / 1000);
    into[second] = (into[second] ?? 0) + 1;
  };
  const record: FleetRecord = {
    pass(nowMs, running, waiting) {
      sums.running += running * (nowMs - lastMs);
      sums.waiting += waiting * (nowMs - lastMs);
      peaks.running = Math.max(peaks.running, running);
      peaks.waiting = Math.max(peaks.waiting, waiting);
      lastMs = nowMs;
    },
    began(nowMs, waitedMs) {
      queueAges.push(waitedMs);
      count(began, nowMs);
    },
    completed(nowMs, shownMs) {
      sweeps += 1;
      count(ended, nowMs);
      if (shownMs !== undefined) staleness.push(nowMs - shownMs);
    },
    close(running, waiting) {
      record.pass(lastsMs, running, waiting);
      return {
        sweeps,
        ticks: queueAges.length,
        running: { mean: sums.running / lastsMs, peak: peaks.running },
        waiting: { mean: sums.waiting / lastsMs, peak: peaks.waiting },
        queueAgeMs: quantilesOf(queueAges),
        stalenessMs: quantilesOf(staleness),
        beganPerSecond: mostOf(began),
        endedPerSecond: mostOf(ended),
      };
    },
  };
  return record;
}

function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  return { mean, p50: at(0.5), p99: at(0.99), max: at(1) };
}

function mostOf(counts: Uint32Array): number {
  return counts.reduce((most, count) => Math.max(most, count), 0);
}
