import { indexUse } from '../index-use.ts';
import type { FleetDay } from './fleet-record.ts';
import type { SweepCost } from './service-times.ts';

/** How much of one quota a fleet uses at its peak. */
export type QuotaUse = {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly growsWith: 'connections' | 'users';
  readonly used: number;
  readonly quota: number;
};

/**
 * Quotas of the services as they are without asking for more. Sources: AWS Lambda developer guide, "Lambda quotas"; AWS
 * DynamoDB developer guide, "On-demand capacity mode" and "Burst and adaptive capacity"; Amazon EventBridge user guide,
 * "Quotas" (the least of any region); Amazon SQS developer guide, "Quotas" (messages in flight).
 */
const quotas = {
  concurrency: 1_000,
  tableReads: 12_000,
  tableWrites: 4_000,
  partitionReads: 3_000,
  partitionWrites: 1_000,
  puts: 400,
  inFlight: 120_000,
} as const;

const entriesPerPut = 10;
/** A due time that moves is an item of the index that is gone, and a new one. */
const writesPerMove = 2;

export type QuotaAsk = {
  readonly day: FleetDay;
  readonly cost: SweepCost;
  readonly users: number;
};

/** All of a fleet's connections have partitions of their own, but for the index of due times, which has one for all. */
export function quotaUses({ day, cost, users }: QuotaAsk): readonly QuotaUse[] {
  const { beganPerSecond: began, endedPerSecond: ended, running, waiting } = day;
  const { readUnits } = indexUse(users);
  const otherReads = Math.max(0, cost.reads - cost.tickMs.length * readUnits);
  return [
    ofFleet('concurrency', 'functions at once', { unit: 'functions', used: running.peak, quota: quotas.concurrency }),
    ofFleet('reads', 'read units of the table in a second', {
      unit: 'read units',
      used: began * Math.min(readUnits, quotas.partitionReads) + ended * spreadOver(otherReads, cost),
      quota: quotas.tableReads,
    }),
    ofFleet('writes', 'write units of the table in a second', {
      unit: 'write units',
      used: ended * spreadOver(cost.writes, cost),
      quota: quotas.tableWrites,
    }),
    ofOne('index', 'read units of one connection, its index at once, of its partition', {
      unit: 'read units',
      used: readUnits,
      quota: quotas.partitionReads,
    }),
    ofOne('commit', 'write units of one connection in a second, as if all in one partition', {
      unit: 'write units',
      used: spreadOver(cost.writes, cost),
      quota: quotas.partitionWrites,
    }),
    ofFleet('due', 'write units of the index of due times in a second, one partition for all', {
      unit: 'write units',
      used: ended * writesPerMove,
      quota: quotas.partitionWrites,
    }),
    ofFleet('puts', 'calls of the bus in a second', {
      unit: 'calls',
      used: ended * spreadOver(Math.ceil(cost.events / entriesPerPut), cost),
      quota: quotas.puts,
    }),
    ofFleet('queue', 'messages waiting or taken at once', {
      unit: 'messages',
      used: waiting.peak + running.peak,
      quota: quotas.inFlight,
    }),
  ];
}

type Use = Pick<QuotaUse, 'unit' | 'used' | 'quota'>;

function ofFleet(id: string, name: string, use: Use): QuotaUse {
  return { id, name, growsWith: 'connections', ...use };
}

function ofOne(id: string, name: string, use: Use): QuotaUse {
  return { id, name, growsWith: 'users', ...use };
}

/** Units of what changes in one sweep, in the second with the most of them. */
function spreadOver(units: number, { changes }: SweepCost): number {
  return units / Math.max(1, changes / changesPerSecond);
}

/** Assumed: entries 16 at a time, 4 ms each, with their shards and their part of a batch as much again. */
const changesPerSecond = 200;
