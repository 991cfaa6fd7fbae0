import { type SimulatedVendorName, simulatedVendors } from '../local/simulators/simulated-vendors.ts';
import type { Bench, BenchRequest, Figure, Measured } from './bench.ts';
import { bareDigests, bareParse, canonicalDigests } from './cpu/bare-work.ts';
import { recordList } from './cpu/record-list.ts';
import { prepareSweepWork } from './cpu/sweep-work.ts';
import { medianOf } from './import-times.ts';

/** What reading a list and noticing that nothing has changed takes of a processor, for each vendor. */
export const cpu: Bench = {
  id: 'cpu',
  async measure({ isQuick }: BenchRequest): Promise<Measured> {
    const users = isQuick ? 2_000 : 10_000;
    // Ten lists of ten thousand: as many users as one of a hundred thousand, and recorded in a tenth of the time.
    const lists = isQuick ? 1 : 10;
    const rounds = 3;
    const figures: Figure[] = [];
    const details: string[] = [];
    for (const vendor of Object.keys(simulatedVendors) as SimulatedVendorName[]) {
      const { times, bytes } = await measureVendor(vendor, { users, lists, rounds });
      figures.push(...figuresOf(vendor, users * lists, times));
      details.push(`cpu.${vendor}: ${Math.round(bytes / users)} bytes a user`);
    }
    return { figures, details };
  },
};

type Times = { readonly sweep: number; readonly digests: number; readonly canonical: number; readonly parse: number };

/** So many lists later everything is compiled. */
const warmLists = 3;

type Amount = { readonly users: number; readonly lists: number; readonly rounds: number };

/** Median milliseconds of each kind of work, done in turn, after a short round that does not count. */
async function measureVendor(vendor: SimulatedVendorName, { users, lists, rounds }: Amount) {
  const list = await recordList(vendor, users);
  const sweep = await prepareSweepWork(list);
  const works = {
    sweep,
    digests: () => bareDigests(list.pages),
    canonical: () => canonicalDigests(list.pages),
    parse: () => bareParse(list.pages),
  };
  const taken: Record<keyof Times, number[]> = { sweep: [], digests: [], canonical: [], parse: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const times = round === 0 ? Math.min(lists, warmLists) : lists;
    for (const [name, work] of Object.entries(works)) {
      const { seen, elapsedMs } = await repeat(work, times);
      // Some lists show rows of a page on the next one again.
      if (seen < users * times) throw new Error(`${name} saw ${seen} of ${users * times} users of ${vendor}`);
      if (round > 0) taken[name as keyof Times].push(elapsedMs);
    }
  }
  const times: Times = {
    sweep: medianOf(taken.sweep),
    digests: medianOf(taken.digests),
    canonical: medianOf(taken.canonical),
    parse: medianOf(taken.parse),
  };
  return { times, bytes: list.bytes };
}

/** Does a piece of work so many times. Milliseconds are those of a processor. */
async function repeat(work: () => number | Promise<number>, times: number) {
  const before = process.cpuUsage();
  let seen = 0;
  for (let time = 0; time < times; time += 1) seen += await work();
  const { user, system } = process.cpuUsage(before);
  return { seen, elapsedMs: (user + system) / 1000 };
}

function figuresOf(vendor: string, users: number, { sweep, digests, canonical, parse }: Times): readonly Figure[] {
  const perUser = (elapsedMs: number) => (elapsedMs / users) * 1000;
  const what = `${vendor}: parse, validate, map, project, digest, compare`;
  return [
    {
      id: `${vendor}.digests`,
      name: `${what}, against JSON.parse, JSON.stringify and a SHA-256 a user`,
      value: perUser(sweep),
      unit: 'µs a user',
      reference: perUser(digests),
      target: { of: 'ratio', atMost: 1.5 },
    },
    {
      id: `${vendor}.canonical`,
      name: `${vendor}: nothing but JSON.parse, a canonical text of the row and a SHA-256, against JSON.stringify for the text`,
      value: perUser(canonical),
      unit: 'µs a user',
      reference: perUser(digests),
    },
    {
      id: `${vendor}.parse`,
      name: `${what}, against JSON.parse alone`,
      value: perUser(sweep),
      unit: 'µs a user',
      reference: perUser(parse),
    },
  ];
}
