import type { Bench, Figure, Target } from './bench.ts';
import { calculateSweep, type SweepBasis, type SweepUnits } from './calculated-sweep.ts';
import { changedShares, changesOf, measureSweeps, userBytes } from './measured-sweeps.ts';
import { unitsOfChange } from './reference/item-per-user.ts';
import { calculateReference, measureReference, type ReferenceSweeps } from './reference/reference-sweeps.ts';
import { sweepBill } from './sweep-bill.ts';

const sizes = [1_000, 10_000, 100_000, 1_000_000] as const;
const shares = [0, ...changedShares] as const;
const largeSize = 100_000;

/** What a sweep costs from dispatch to published, against a table with an item for every user. */
export const sweepCosts: Bench = {
  id: 'cost',
  async measure({ isQuick }) {
    const measured = new Map<number, Measured>();
    for (const users of isQuick ? sizes.slice(0, 1) : sizes.slice(0, 3))
      measured.set(users, { ours: await measureSweeps(users), reference: await measureReference(users) });
    const basis = measured.get(sizes[0])?.ours;
    if (basis === undefined) throw new Error('nothing was measured');
    const rows = sizes.flatMap((users) => shares.map((share) => rowOf({ users, share, basis, measured })));
    return {
      figures: [
        ...rows.flatMap(figuresOf),
        ...sizeFigures(rows),
        ...oneChangeFigures(measured),
        independence([...measured.values()].map(({ ours }) => ours)),
        ...[...measured.values()].slice(1).map(({ ours }) => accuracy(basis, ours)),
      ],
      details: [],
    };
  },
};

type Measured = { readonly ours: SweepBasis; readonly reference: ReferenceSweeps };
type Row = {
  readonly users: number;
  readonly share: number;
  readonly ours: SweepUnits;
  readonly reference: SweepUnits;
  readonly isMeasured: boolean;
};
type RowAsk = Pick<Row, 'users' | 'share'> & {
  readonly basis: SweepBasis;
  readonly measured: ReadonlyMap<number, Measured>;
};

function rowOf({ users, share, basis, measured }: RowAsk): Row {
  const changes = share === 0 ? 0 : changesOf(users, share);
  const found = measured.get(users);
  const ours = found?.ours.changed.find((sweep) => sweep.changes === changes)?.use ?? found?.ours.unchanged;
  const reference = found?.reference.get(changes);
  if (ours !== undefined && reference !== undefined) return { users, share, ours, reference, isMeasured: true };
  return {
    users,
    share,
    ours: calculateSweep(basis, { users, changes }),
    reference: calculateReference(users, changes),
    isMeasured: false,
  };
}

/** Design §11. */
const thirtyTimesFewer: Target = { of: 'ratio', atMost: 1 / 30 };
const what = { reads: 'read units', writes: 'write units', requests: 'table calls' } as const;

function figuresOf({ users, share, ours, reference, isMeasured }: Row): readonly Figure[] {
  const suffix = `${users}.${share * 1000}`;
  const of = `${users.toLocaleString('en')} users, ${nameShare(share)}`;
  const name = (text: string, isCalculated: boolean) => `${text}, ${of}${isCalculated ? ' (calculated)' : ''}`;
  const isBound = users === largeSize && share === 0;
  const [bill, other] = [sweepBill(users, ours), sweepBill(users, reference)];
  return [
    ...(['reads', 'writes', 'requests'] as const).map((unit) => ({
      id: `${unit}.${suffix}`,
      name: name(`sweep in ${what[unit]}, against an item per user`, !isMeasured),
      value: Math.round(ours[unit] * 10) / 10,
      unit: what[unit],
      reference: reference[unit],
      ...(isBound && unit === 'reads' && { target: thirtyTimesFewer }),
    })),
    { id: `events.${suffix}`, name: name('events of a sweep', !isMeasured), value: ours.events, unit: 'events' },
    {
      id: `lambda.${suffix}`,
      name: name('functions of a sweep, against an item per user', true),
      value: bill.gigabyteSeconds,
      unit: 'GB-seconds',
      reference: other.gigabyteSeconds,
    },
    {
      id: `table.${suffix}`,
      name: name('the table, every 15 minutes, against an item per user', true),
      value: bill.tableDollars,
      unit: '$ a month',
      reference: other.tableDollars,
    },
    {
      id: `month.${suffix}`,
      name: name('all of it, every 15 minutes, against an item per user', true),
      value: bill.allDollars,
      unit: '$ a month',
      reference: other.allDollars,
    },
  ];
}

/** The index does not know how large users are; the reference reads every byte of them. */
function sizeFigures(rows: readonly Row[]): readonly Figure[] {
  const value = rows.find(({ users, share }) => users === largeSize && share === 0)?.ours.reads ?? Number.NaN;
  return [300, 2_000].map((bytes) => ({
    id: `reads.${largeSize}.0.of-${bytes}`,
    name: `unchanged sweep, ${largeSize.toLocaleString('en')} users of ${bytes.toLocaleString('en')} bytes, against an item per user (calculated)`,
    value,
    unit: 'read units',
    reference: calculateReference(largeSize, 0, bytes).reads,
  }));
}

function oneChangeFigures(measured: ReadonlyMap<number, Measured>): readonly Figure[] {
  return [...measured.values()].map(({ ours: { users, one } }) => ({
    id: `one-change.${users}`,
    name: `one changed user of 1 KB among ${users.toLocaleString('en')}, dispatch to published, against a transaction of user and outbox item`,
    value: one.writes,
    unit: 'write units',
    reference: unitsOfChange(userBytes).transaction,
    target: { of: 'value', atMost: 20 },
  }));
}

function independence(all: readonly SweepBasis[]): Figure {
  const writes = all.map(({ unchanged }) => unchanged.writes);
  return {
    id: 'writes.spread',
    name: `unchanged sweep, most writes less fewest with ${all.map(({ users }) => users.toLocaleString('en')).join(', ')} users`,
    value: Math.max(...writes) - Math.min(...writes),
    unit: 'write units',
    target: { of: 'value', atMost: 0 },
  };
}

/** How far the calculation from 1,000 users is from what was measured with more. */
function accuracy(basis: SweepBasis, { users, changed: [, many] }: SweepBasis): Figure {
  const { reads, writes } = calculateSweep(basis, { users, changes: many.changes });
  return {
    id: `calculation.${users}`,
    name: `calculated against measured, ${users.toLocaleString('en')} users, ${nameShare(changedShares[1])}`,
    value: Math.round(reads + writes),
    unit: 'units',
    reference: many.use.reads + many.use.writes,
  };
}

function nameShare(share: number): string {
  return share === 0 ? 'unchanged' : `${share * 100} % changed`;
}
