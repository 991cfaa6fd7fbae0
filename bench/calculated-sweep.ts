import { maxTransitionsPerBatch } from '../src/diff/batch-bounds.ts';
import { batchesPerGroup } from '../src/sweep/apply-log.ts';
import { indexUse } from './index-use.ts';
import type { Use } from './metered-feed.ts';
import { assumed } from './monthly-bill.ts';

/** Of a sweep, from dispatch to published. */
export type SweepUnits = Pick<Use, 'reads' | 'writes' | 'requests' | 'puts' | 'events'>;

/** What was measured with fewer users: an unchanged sweep, and those with changes. */
export type SweepBasis = {
  readonly users: number;
  readonly unchanged: SweepUnits;
  /** One user changed. */
  readonly one: SweepUnits;
  readonly changed: readonly [few: ChangedSweep, many: ChangedSweep];
};
export type ChangedSweep = { readonly changes: number; readonly use: SweepUnits };
export type SweepSize = { readonly users: number; readonly changes: number };

const units = ['reads', 'writes', 'requests'] as const;
type Unit = (typeof units)[number];

const entriesPerPut = 10;
/** Seconds of a sweep function's 15 minutes in which it asks for pages. */
const walkSeconds = 840;

/**
 * A sweep of any size from measured ones: the index and the shards that changes touch from the sizes of their items, the
 * rest by the change and by the batch. A list that takes the vendor longer than a tick loads the index with each.
 */
export function calculateSweep(basis: SweepBasis, { users, changes }: SweepSize): SweepUnits {
  const more = ticksOf(users) - 1;
  const own = indexCosts(users);
  const known = indexCosts(basis.users);
  const of = (unit: Unit) => {
    const fixed = basis.unchanged[unit] - known.load[unit];
    const { perChange, perBatch } = solve(basis, unit);
    const changed = perChange * changes + perBatch * batchesOf(changes) + shardCosts(users, changes)[unit];
    return fixed + own.load[unit] + more * (fixed + own.load[unit] + checkpoint(users)[unit]) + changed;
  };
  const puts = Math.ceil(changes / entriesPerPut);
  return { reads: of('reads'), writes: of('writes'), requests: of('requests'), puts, events: changes };
}

/** Ticks of a list, by what a page takes its vendor. */
export function ticksOf(users: number): number {
  const seconds = Math.ceil(users / assumed.usersPerPage) * assumed.vendorSecondsPerPage;
  return Math.max(1, Math.ceil(seconds / walkSeconds));
}

export function batchesOf(changes: number): number {
  return Math.ceil(changes / maxTransitionsPerBatch);
}

type Costs = { readonly [One in Unit]: number };

function indexCosts(users: number): { readonly load: Costs } {
  const { readUnits, queries } = indexUse(users);
  return { load: { reads: readUnits, writes: 0, requests: queries } };
}

/** Whom a walk has seen, a bit each, written by one tick and read by the next. */
function checkpoint(users: number): Costs {
  const bytes = users / 8;
  return { reads: Math.ceil(bytes / 4096), writes: Math.ceil(bytes / 1024), requests: 2 };
}

/** Of each shard that a group of batches touches, a read and a write. */
function shardCosts(users: number, changes: number): Costs {
  const { shards, writeUnits } = indexUse(users);
  const perGroup = maxTransitionsPerBatch * batchesPerGroup;
  let touched = 0;
  for (let left = changes; left > 0; left -= perGroup)
    touched += shards * (1 - (1 - 1 / shards) ** Math.min(left, perGroup));
  return { reads: touched, writes: touched * writeUnits, requests: 2 * touched };
}

/** What a change costs and what a batch costs, shards aside, from two sweeps with unlike many of them. */
function solve({ users, unchanged, changed: [few, many] }: SweepBasis, unit: Unit) {
  const more = ({ changes, use }: ChangedSweep) => use[unit] - unchanged[unit] - shardCosts(users, changes)[unit];
  const [fewBatches, manyBatches] = [batchesOf(few.changes), batchesOf(many.changes)];
  const perChange =
    (more(many) - (more(few) * manyBatches) / fewBatches) / (many.changes - (few.changes * manyBatches) / fewBatches);
  return { perChange, perBatch: (more(few) - perChange * few.changes) / fewBatches };
}
