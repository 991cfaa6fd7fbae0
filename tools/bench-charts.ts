import type { BenchResult } from '../bench/bench-result.ts';
import { type BarChart, type BarRow, drawBars } from './bench-bars.ts';

/** A chart of results: each row is one of them beside its reference, or two of them by their share of the reference. */
type ChartPlan = Omit<BarChart, 'rows'> & {
  readonly file: string;
  readonly rows: readonly PlannedRow[];
};
type PlannedRow =
  | { readonly name: string; readonly id: string }
  | { readonly name: string; readonly shares: readonly string[] };

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const usersOf = (users: number) => `${users.toLocaleString('en')} users`;
const vendors = ['leen', 'yuuvis', 'truto', 'openproject', 'delay'];

const plans: readonly ChartPlan[] = [
  {
    file: 'bundles',
    title: 'What a cold start has to load',
    unit: 'bytes',
    scale: 'linear',
    series: ['the function', 'its libraries, bare'],
    rows: ['sweep', 'dispatch', 'publish'].map((name) => ({ name, id: `bundles.${name}.bytes` })),
  },
  {
    file: 'cost',
    title: 'Read units of an unchanged sweep',
    unit: 'read units',
    scale: 'log',
    series: ['this feed', 'an item per user, in one query after the other'],
    rows: sizes.map((users) => ({ name: usersOf(users), id: `cost.reads.${users}.0` })),
  },
  {
    file: 'cpu',
    title: 'What reading and comparing a list takes of a processor',
    unit: 'µs a user',
    scale: 'linear',
    series: ['the sweep', 'JSON.parse, JSON.stringify and a SHA-256'],
    rows: vendors.map((name) => ({ name, id: `cpu.${name}.digests` })),
  },
  {
    file: 'memory',
    title: 'Peak of a sweep beyond an idle process',
    unit: 'MB',
    scale: 'linear',
    series: ['the sweep', 'holding all users'],
    rows: sizes.flatMap((users) => [
      { name: usersOf(users), id: `memory.peak.${users}.unchanged` },
      { name: '1 % changed', id: `memory.peak.${users}.changed` },
    ]),
    limit: { value: 160, name: '160 MB' },
  },
  {
    file: 'latency',
    title: 'From a page to an event, and from a kill to all events',
    unit: 'ms',
    scale: 'log',
    series: ['the feed', 'bare calls, or nobody kills it'],
    rows: [
      { name: 'page to event', id: 'latency.event.ms' },
      { name: 'killed while reading', id: 'latency.kill.reading' },
      { name: 'killed while publishing', id: 'latency.kill.publishing' },
    ],
  },
  {
    file: 'throughput',
    title: 'Write units of each of very many changes',
    unit: 'write units',
    scale: 'linear',
    series: ['this feed', 'a transaction of user and outbox item'],
    rows: sizes.map((changes) => ({
      name: `${changes.toLocaleString('en')} changes`,
      id: `throughput.writes.${changes}`,
    })),
  },
  {
    file: 'waiting',
    title: 'A list whose vendor takes 300 ms for a page',
    unit: 's',
    scale: 'linear',
    series: ['pages asked for ahead', 'one after the other'],
    rows: vendors.flatMap((name) => [
      { name, id: `waiting.${name}.list` },
      { name: 'at most 5 a second', id: `waiting.${name}.budgeted` },
    ]),
  },
  {
    file: 'scale',
    title: 'What fleets use of a region’s quotas',
    unit: 'of the quota',
    scale: 'log',
    series: ['10,000 connections of 1,000', '10 of 1,000,000'],
    rows: [
      ['functions at once', 'concurrency'],
      ['table, reads', 'reads'],
      ['table, writes', 'writes'],
      ['partition, one index', 'index'],
      ['partition, one commit', 'commit'],
      ['partition, due times', 'due'],
      ['calls of the bus', 'puts'],
      ['messages', 'queue'],
    ].map(([name = '', id]) => ({ name, shares: [`scale.many.quota.${id}`, `scale.large.quota.${id}`] })),
    limit: { value: 1, name: 'all of it' },
  },
  {
    file: 'growth',
    title: 'The power with which costs grow with changes: 1 is in proportion',
    unit: 'power',
    scale: 'linear',
    series: ['measured'],
    rows: ['reads', 'writes', 'requests'].map((name) => ({ name, id: `growth.changes.${name}.power` })),
    limit: { value: 1.05, name: '1.05' },
  },
];

/** Ids of all results that charts show. */
export const chartedResults: readonly string[] = plans.flatMap(({ rows }) => rows.flatMap(idsOf));

/** The charts by path, of those results that there are: a quick run leaves fewer, and a bench that has not run none. */
export function benchCharts(results: readonly BenchResult[]): ReadonlyMap<string, string> {
  const known = new Map(results.map((result) => [result.id, result]));
  const charts = plans.map(({ file, rows, ...chart }) => {
    const shown = rows
      .map((row) => toBars(row, known))
      .filter(({ values }) => values.some((value) => value !== undefined));
    return [`docs/images/bench-${file}.svg`, { ...chart, rows: shown }] as const;
  });
  return new Map(charts.filter(([, { rows }]) => rows.length > 0).map(([path, chart]) => [path, drawBars(chart)]));
}

function idsOf(row: PlannedRow): readonly string[] {
  return 'shares' in row ? row.shares : [row.id];
}

function toBars(row: PlannedRow, known: ReadonlyMap<string, BenchResult>): BarRow {
  const { name } = row;
  if ('shares' in row) return { name, values: row.shares.map((id) => known.get(id)?.ratio ?? undefined) };
  const found = known.get(row.id);
  return { name, values: [found?.value, found?.reference ?? undefined] };
}
