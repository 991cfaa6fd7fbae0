import { listPrices } from './list-prices.ts';

/** What polling uses, as measured over the composed functions. */
export type SweepUse = {
  /** Of the whole chain from dispatch to published, for a sweep that finds nothing. */
  readonly unchanged: { readonly reads: number; readonly writes: number };
  /** What a changed user adds, among several in a sweep. */
  readonly perChange: { readonly reads: number; readonly writes: number };
  readonly logBytes: number;
  /** Of the dispatcher, a minute, with nobody due. */
  readonly idleReads: number;
  readonly idleLogBytes: number;
  /** Of one event in the envelope. */
  readonly eventBytes: number;
  /** Of one user's entry and the log batch items that his changes leave. */
  readonly entryBytes: number;
};

export type Fleet = {
  readonly connections: number;
  readonly users: number;
  /** Kinds of vendors in it: metrics are counted by vendor. */
  readonly vendors: number;
};

export type Bill = { readonly [line: string]: number };

/** What the calculation takes for granted; the first four are an operator's to choose. */
export const assumed = {
  sweepEveryMinutes: 15,
  changedShare: 0.001,
  usersPerPage: 200,
  sweepMemoryGb: 0.5,
  vendorSecondsPerPage: 0.3,
  secondsPerSweepBesides: 0.4,
  dispatchSeconds: 0.4,
  dispatchMemoryGb: 0.25,
  publishSeconds: 0.2,
  publishMemoryGb: 0.25,
  /** A message is sent in a batch of ten at best; it is received and deleted alone. */
  requestsPerMessage: 3,
  /** Five pollers that wait twenty seconds each. */
  emptyReceivesPerMonth: (5 * 86_400 * 30) / 20,
  alarmMetrics: 26,
  metricsOfStack: 8,
  metricsPerVendor: 14,
  archiveMonths: 1,
  logMonths: 1,
  logBatchMonths: 3,
} as const;

const minutesPerMonth = 30 * 24 * 60;
const gigabyte = 1e9;

/** Dollars a month, line by line, of one stack. */
export function monthlyBill(use: SweepUse, { connections, users, vendors }: Fleet): Bill {
  const sweeps = (connections * minutesPerMonth) / assumed.sweepEveryMinutes;
  const changes = sweeps * users * assumed.changedShare;
  const sweepSeconds =
    Math.ceil(users / assumed.usersPerPage) * assumed.vendorSecondsPerPage + assumed.secondsPerSweepBesides;
  const publishes = Math.min(changes, sweeps);
  const invocations = sweeps + minutesPerMonth + publishes;
  const reads = sweeps * use.unchanged.reads + changes * use.perChange.reads + minutesPerMonth * use.idleReads;
  const writes = sweeps * use.unchanged.writes + changes * use.perChange.writes;
  const stored = connections * users * use.entryBytes + changes * use.eventBytes * assumed.logBatchMonths;
  const logs = (sweeps * use.logBytes + minutesPerMonth * use.idleLogBytes) / gigabyte;
  const archived = (changes * use.eventBytes) / gigabyte;
  const p = listPrices;
  return {
    'sweep function, mostly waiting for vendors':
      sweeps * (sweepSeconds * assumed.sweepMemoryGb * p.gigabyteSecond + p.invocation),
    'table: reads': reads * p.readUnit,
    'table: writes': writes * p.writeUnit,
    'table: storage': (stored / gigabyte) * p.tableGigabyteMonth,
    'publish function, bus and archive':
      changes * p.busEvent +
      publishes * (assumed.publishSeconds * assumed.publishMemoryGb * p.gigabyteSecond + p.invocation) +
      archived * (p.archiveGigabyte + assumed.archiveMonths * p.archiveGigabyteMonth),
    queue: (sweeps * assumed.requestsPerMessage + assumed.emptyReceivesPerMonth) * p.queueRequest,
    'logs and traces':
      logs * (p.logGigabyte + assumed.logMonths * p.logGigabyteMonth) + tracesOf(invocations) * p.trace,
    'dispatch function and schedule':
      minutesPerMonth *
      (assumed.dispatchSeconds * assumed.dispatchMemoryGb * p.gigabyteSecond + p.invocation + p.busEvent),
    metrics: (assumed.metricsOfStack + vendors * assumed.metricsPerVendor) * p.metricMonth,
    alarms: assumed.alarmMetrics * p.alarmMetricMonth,
  };
}

export function totalOf(bill: Bill): number {
  return Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
}

/** Source: AWS X-Ray, default sampling: the first request of each second and 5 % of the others. */
function tracesOf(invocations: number): number {
  const seconds = minutesPerMonth * 60;
  const firsts = Math.min(invocations, seconds);
  return firsts + (invocations - firsts) * 0.05;
}
