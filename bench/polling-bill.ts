import type { Bench, BenchRequest, Figure, Measured } from './bench.ts';
import { startMeteredFeed } from './metered-feed.ts';
import { type Bill, type Fleet, monthlyBill, type SweepUse, totalOf } from './monthly-bill.ts';

const changedUsers = 10;
const fleets: readonly Fleet[] = [
  { connections: 1, users: 10_000, vendors: 1 },
  { connections: 100, users: 10_000, vendors: 5 },
  { connections: 10_000, users: 1_000, vendors: 5 },
];

/** What a sweep uses of the table, the log and the bus, and what that comes to in a month. */
export const pollingBill: Bench = {
  id: 'bill',
  async measure({ isQuick }: BenchRequest): Promise<Measured> {
    const sizes = isQuick ? [1_000] : [1_000, 10_000];
    const uses = new Map<number, SweepUse>();
    for (const users of sizes) uses.set(users, await measureUse(users));
    const figures = [...uses].flatMap(([users, use]) => figuresOf(users, use));
    const bills = fleets.flatMap((fleet) => {
      const use = uses.get(fleet.users);
      return use === undefined ? [] : billFigures({ fleet, bill: monthlyBill(use, fleet) });
    });
    return { figures: [...figures, ...bills], details: [] };
  },
};

async function measureUse(users: number): Promise<SweepUse> {
  const feed = await startMeteredFeed(users);
  try {
    await feed.sweep();
    await feed.sweep();
    const unchanged = await feed.sweep();
    feed.change(changedUsers);
    const changed = await feed.sweep();
    const idle = await feed.idleMinute();
    return {
      unchanged: { reads: unchanged.reads, writes: unchanged.writes },
      perChange: {
        reads: (changed.reads - unchanged.reads) / changedUsers,
        writes: (changed.writes - unchanged.writes) / changedUsers,
      },
      logBytes: changed.logBytes,
      idleReads: idle.reads,
      idleLogBytes: idle.logBytes,
      eventBytes: changed.eventBytes / changedUsers,
      entryBytes: await feed.bytesPerUser(),
    };
  } finally {
    await feed.close();
  }
}

function figuresOf(users: number, use: SweepUse): readonly Figure[] {
  const of = `${users.toLocaleString('en')} users`;
  const figure = (id: string, name: string, value: number, unit: string): Figure => ({
    id: `${id}.${users}`,
    name: `${name}, ${of}`,
    value,
    unit,
  });
  return [
    figure('reads', 'unchanged sweep from dispatch to publish', use.unchanged.reads, 'read units'),
    figure('writes', 'unchanged sweep from dispatch to publish', use.unchanged.writes, 'write units'),
    figure('change-reads', `each of ${changedUsers} changed users more`, use.perChange.reads, 'read units'),
    figure('change-writes', `each of ${changedUsers} changed users more`, use.perChange.writes, 'write units'),
    figure('log', 'sweep with changes', use.logBytes, 'bytes of logs'),
    figure('idle', 'dispatcher in a minute with nobody due', use.idleReads, 'read units'),
  ];
}

function billFigures({ fleet, bill }: { readonly fleet: Fleet; readonly bill: Bill }): readonly Figure[] {
  const name = `${fleet.connections.toLocaleString('en')} × ${fleet.users.toLocaleString('en')} users, every 15 minutes`;
  const line = (what: string, value: number, index: number): Figure => ({
    id: `month.${fleet.connections}.${index}`,
    name: `${name} (calculated): ${what}`,
    value,
    unit: '$ a month',
  });
  return [
    ...Object.entries(bill).map(([what, value], index) => line(what, value, index + 1)),
    line('total', totalOf(bill), 0),
  ];
}
