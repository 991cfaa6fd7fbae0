import type { Bench, Figure } from './bench.ts';
import { batchesOf, calculateSweep, type SweepBasis, type SweepUnits } from './calculated-sweep.ts';
import { type InFlight, watchInFlight } from './in-flight.ts';
import { type MeteredFeed, startMeteredFeed } from './metered-feed.ts';
import { unitsOfChange } from './reference/item-per-user.ts';

const userBytes = 1_000;
/** More of a list in one sweep would be held by the brake. */
const shareOfList = 0.4;
const manyChanges = 100_000;

/** Very many changes of one sweep through log, entries, index and bus: calls and units for each, and their order. */
export const throughput: Bench = {
  id: 'throughput',
  async measure({ isQuick }) {
    const changes = isQuick ? 400 : 10_000;
    const users = changes / shareOfList;
    const peaks: { table?: InFlight; bus?: InFlight } = {};
    const feed = await startMeteredFeed(users, {
      userBytes,
      changeable: changes + 1,
      onClients: ({ table, bus }) => Object.assign(peaks, { table: watchInFlight(table), bus: watchInFlight(bus) }),
    });
    try {
      const basis = await measureChanges(feed, { users, changes });
      const calculated = calculateSweep(basis, { users: manyChanges / shareOfList, changes: manyChanges });
      return {
        figures: [
          ...figuresOf(basis, { changes, use: basis.changed[1].use }),
          ...figuresOf(basis, { changes: manyChanges, use: calculated, isCalculated: true }),
          disorder(feed),
          parallel('entries written at once by one connection', 'PutItem', peaks.table),
          parallel('calls of the bus at once of one connection: its events are in order', 'PutEvents', peaks.bus),
        ],
        details: [],
      };
    } finally {
      await feed.close();
    }
  },
};

type Size = { readonly users: number; readonly changes: number };
type Shown = { readonly changes: number; readonly use: SweepUnits; readonly isCalculated?: boolean };

async function measureChanges(feed: MeteredFeed, { users, changes }: Size): Promise<SweepBasis> {
  await feed.sweep();
  const unchanged = await feed.sweep();
  feed.change(1);
  const one = await feed.sweep();
  feed.change(changes);
  const use = await feed.sweep();
  if (use.events !== changes) throw new Error(`${changes} changes made ${use.events} events`);
  return {
    users,
    unchanged,
    one,
    changed: [
      { changes: 1, use: one },
      { changes, use },
    ],
  };
}

function figuresOf({ unchanged }: SweepBasis, { changes, use, isCalculated }: Shown): readonly Figure[] {
  const of = `${changes.toLocaleString('en')} changes in one sweep${isCalculated === true ? ' (calculated)' : ''}`;
  const each = (id: string, what: string, { value, unit, reference }: Each): Figure => ({
    id: `${id}.${changes}`,
    name: `${what} for each of ${of}`,
    value: Math.round((value / changes) * 1_000) / 1_000,
    unit,
    ...(reference !== undefined && { reference }),
  });
  const reference = unitsOfChange(userBytes).transaction;
  return [
    each('reads', 'read units', { value: use.reads - unchanged.reads, unit: 'read units' }),
    each('writes', 'write units, against a transaction of user and outbox item', {
      value: use.writes - unchanged.writes,
      unit: 'write units',
      reference,
    }),
    each('calls', 'table calls', { value: use.requests - unchanged.requests, unit: 'calls' }),
    each('puts', 'calls of the bus', { value: use.puts, unit: 'calls' }),
    each('batches', 'log batches', { value: batchesOf(changes), unit: 'batches' }),
  ];
}

type Each = { readonly value: number; readonly unit: string; readonly reference?: number };

/** Sequences of a connection rise from event to event: so do those of each of its users. */
function disorder({ taken }: MeteredFeed): Figure {
  const sequences = taken.map(({ detail }) => (detail as Numbered).metadata.sequence);
  const value = sequences.filter((sequence, at) => at > 0 && sequence <= (sequences[at - 1] ?? 0)).length;
  return {
    id: 'disorder',
    name: 'events that the bus took behind a later one of the same connection',
    value,
    unit: 'events',
    target: { of: 'value', atMost: 0 },
  };
}

type Numbered = { readonly metadata: { readonly sequence: number } };

function parallel(name: string, operation: string, watched: InFlight | undefined): Figure {
  const value = watched?.peaks.get(operation) ?? Number.NaN;
  return { id: `parallel.${operation}`, name, value, unit: 'calls' };
}
