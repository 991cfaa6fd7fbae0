import { type SimulatedVendorName, simulatedVendors } from '../local/simulators/simulated-vendors.ts';
import { vendors } from '../src/vendors/registry.ts';
import type { Bench, Figure } from './bench.ts';
import { listPrices } from './list-prices.ts';
import { assumed } from './monthly-bill.ts';
import { type ListWalk, type WalkAsk, walkSlowly } from './waiting/walk-slowly.ts';

const pageMs = assumed.vendorSecondsPerPage * 1000;
/** Faster than a list is read page by page, slower than it is read ahead. */
const budget = { requests: 5, perMs: 1_000 };
const billedUsers = 100_000;

/** How long a list takes whose vendor needs 300 ms for a page: page by page, and with the next ones asked for ahead. */
export const waiting: Bench = {
  id: 'waiting',
  async measure({ isQuick }) {
    const pages = isQuick ? 20 : 40;
    const all = vendors.filter(({ pageAt, id }) => pageAt !== undefined && id in simulatedVendors);
    const names = isQuick ? all.slice(0, 1) : all;
    const measured = await measureVendors(
      names.map(({ id }) => id as SimulatedVendorName),
      { pages, isAtOnce: isQuick },
    );
    return {
      figures: [...measured.flatMap(figuresOf), ...billFigures(measured)],
      details: measured.map(
        ({ vendor, sequential, ahead }) =>
          `waiting.${vendor}: ${sequential.requests} requests page by page, ${ahead.requests} ahead, for ${ahead.pages} pages; at most ${ahead.mostAtOnce} at once`,
      ),
    };
  },
};

type Measured = {
  readonly vendor: string;
  readonly sequential: ListWalk;
  readonly ahead: ListWalk;
  readonly budgeted: ListWalk;
};

type Asked = { readonly pages: number; readonly isAtOnce: boolean };

/** The vendors at once, for waiting takes little of a processor; but one way of asking after the other, unless time is short. */
async function measureVendors(
  names: readonly SimulatedVendorName[],
  { pages, isAtOnce }: Asked,
): Promise<readonly Measured[]> {
  const walkAll = (how: Pick<WalkAsk, 'isAhead' | 'budget'>) =>
    Promise.all(names.map((vendor) => walkSlowly({ vendor, pages, pageMs, ...how })));
  // The first one compiles what all of them run, and is the one in which that takes the least part.
  const first = walkAll({ isAhead: false });
  if (!isAtOnce) await first;
  const second = walkAll({ isAhead: true });
  if (!isAtOnce) await second;
  const [sequential, ahead, budgeted] = await Promise.all([first, second, walkAll({ isAhead: true, budget })]);
  return names.map((vendor, n) => ({
    vendor,
    sequential: sequential[n] as ListWalk,
    ahead: ahead[n] as ListWalk,
    budgeted: budgeted[n] as ListWalk,
  }));
}

function figuresOf({ vendor, sequential, ahead, budgeted }: Measured): readonly Figure[] {
  const of = `${ahead.pages} pages of ${vendor} at ${pageMs} ms`;
  return [
    {
      id: `${vendor}.list`,
      name: `${of}, asked for ahead, against one after the other`,
      value: toSeconds(ahead.elapsedMs),
      unit: 's',
      reference: toSeconds(sequential.elapsedMs),
      target: { of: 'ratio', atMost: 1 / 3 },
    },
    {
      id: `${vendor}.budgeted`,
      name: `${of}, asked for ahead within ${budget.requests} requests a second, against one after the other`,
      value: toSeconds(budgeted.elapsedMs),
      unit: 's',
      reference: toSeconds(sequential.elapsedMs),
    },
    {
      id: `${vendor}.within-budget`,
      name: `${of}, requests, against the most that the budget allows in the time that they took`,
      value: budgeted.requests,
      unit: 'requests',
      reference: budget.requests * Math.ceil(budgeted.elapsedMs / budget.perMs),
      target: { of: 'ratio', atMost: 1 },
    },
  ];
}

/** Of a list of 100,000 users, 200 a page, every 15 minutes. */
function billFigures(measured: readonly Measured[]): readonly Figure[] {
  const sweeps = (30 * 24 * 60) / assumed.sweepEveryMinutes;
  const waited = (billedUsers / assumed.usersPerPage) * assumed.vendorSecondsPerPage;
  const sequential = sweeps * waited * assumed.sweepMemoryGb;
  return measured.flatMap(({ vendor, sequential: { elapsedMs }, ahead }) => {
    const list = `a list of ${billedUsers.toLocaleString('en')} of ${vendor} every ${assumed.sweepEveryMinutes} minutes`;
    const name = `waiting for ${list}, ahead against one after the other (calculated)`;
    const used = sequential * (ahead.elapsedMs / elapsedMs);
    const [value, reference] = [used, sequential].map((gigabyteSeconds) =>
      toCents(gigabyteSeconds * listPrices.gigabyteSecond),
    );
    return [
      {
        id: `${vendor}.gigabyte-seconds`,
        name,
        value: Math.round(used),
        unit: 'GB-seconds a month',
        reference: sequential,
      },
      { id: `${vendor}.month`, name, value: value ?? 0, unit: '$ a month', reference: reference ?? 0 },
    ];
  });
}

function toSeconds(elapsedMs: number): number {
  return Math.round(elapsedMs / 10) / 100;
}

function toCents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
