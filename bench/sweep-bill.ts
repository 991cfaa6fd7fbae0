import type { SweepUnits } from './calculated-sweep.ts';
import { ticksOf } from './calculated-sweep.ts';
import { listPrices } from './list-prices.ts';
import { assumed } from './monthly-bill.ts';

/** What a sweep costs beside its table units, and in a month of sweeps like it. */
export type SweepBill = {
  readonly gigabyteSeconds: number;
  /** Of the table alone, without storage. */
  readonly tableDollars: number;
  /** With functions, queue and bus; without logs, metrics, alarms, storage and archive, which `bill` has. */
  readonly allDollars: number;
};

/** Seconds that a table call and a call of the bus take a function, where others are on their way at once. */
const tableCallSeconds = 0.002;
const putSeconds = 0.03;
const sweepsPerMonth = (30 * 24 * 60) / assumed.sweepEveryMinutes;

/** Calculated: an emulator on this machine says nothing about how long a function waits for the service. */
export function sweepBill(users: number, { reads, writes, requests, puts, events }: SweepUnits): SweepBill {
  const waiting = Math.ceil(users / assumed.usersPerPage) * assumed.vendorSecondsPerPage;
  const sweepSeconds = waiting + assumed.secondsPerSweepBesides + requests * tableCallSeconds;
  const publishes = events > 0 ? 1 : 0;
  const publishSeconds = publishes * assumed.publishSeconds + puts * putSeconds;
  const gigabyteSeconds = sweepSeconds * assumed.sweepMemoryGb + publishSeconds * assumed.publishMemoryGb;
  const table = reads * listPrices.readUnit + writes * listPrices.writeUnit;
  const ticks = ticksOf(users);
  const others =
    gigabyteSeconds * listPrices.gigabyteSecond +
    (ticks + publishes) * listPrices.invocation +
    ticks * assumed.requestsPerMessage * listPrices.queueRequest +
    events * listPrices.busEvent;
  return {
    gigabyteSeconds,
    tableDollars: sweepsPerMonth * table,
    allDollars: sweepsPerMonth * (table + others),
  };
}
