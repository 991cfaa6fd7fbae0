import { defaultSettings } from '../infra/settings.ts';
import type { Bench, BenchRequest, Figure } from './bench.ts';
import { assumed } from './monthly-bill.ts';
import type { FleetDay } from './scale/fleet-record.ts';
import { type QuotaUse, quotaUses } from './scale/quotas.ts';
import { type SweepCost, sweepCost } from './scale/service-times.ts';
import { simulateFleet } from './scale/simulate-fleet.ts';

/** What a fleet does to the limits of a region, in virtual time: nothing of it ran. */
export const scale: Bench = {
  id: 'scale',
  async measure({ isQuick, measured }: BenchRequest) {
    const hours = isQuick ? 3 : 24;
    const outcomes = scenarios.map((scenario) => outcomeOf(scenario, hours, measured));
    return { figures: outcomes.flatMap(figuresOf), details: outcomes.map(detailOf) };
  },
};

type Scenario = {
  readonly id: string;
  readonly name: string;
  readonly connections: number;
  readonly users: number;
  readonly isAhead: boolean;
  /** Of sweep functions: what the stack has by default, or what the account has. */
  readonly concurrency: number;
};

const accountConcurrency = 1_000;
const many = { connections: 10_000, users: 1_000, isAhead: true } as const;
const large = { connections: 10, users: 1_000_000 } as const;
const scenarios: readonly Scenario[] = [
  { ...many, id: 'many-default', name: '10,000 connections of 1,000', concurrency: defaultSettings.sweepConcurrency },
  { ...many, id: 'many', name: '10,000 connections of 1,000', concurrency: accountConcurrency },
  { ...large, id: 'large', name: '10 connections of 1,000,000', isAhead: true, concurrency: accountConcurrency },
  {
    ...large,
    id: 'large-in-turn',
    name: '10 connections of 1,000,000, a page after the other',
    isAhead: false,
    concurrency: accountConcurrency,
  },
];

type Outcome = {
  readonly scenario: Scenario;
  readonly cost: SweepCost;
  readonly day: FleetDay;
  readonly uses: readonly QuotaUse[];
};

const hourMs = 3_600_000;

/** All were made at once, so that all are due at once: the worst there is. */
function outcomeOf(scenario: Scenario, hours: number, measured: BenchRequest['measured']): Outcome {
  const { connections, users, isAhead, concurrency } = scenario;
  const cost = sweepCost({ users, isAhead }, measured);
  const day = simulateFleet({
    connections,
    everyMs: assumed.sweepEveryMinutes * 60_000,
    tickMs: cost.tickMs,
    spread: 0.2,
    phases: 'together',
    concurrency,
    lastsMs: hours * hourMs,
    seed: 'bench',
  });
  return { scenario, cost, day, uses: quotaUses({ day, cost, users }) };
}

function figuresOf(outcome: Outcome): readonly Figure[] {
  const { scenario, day } = outcome;
  const of = `${scenario.name}, ${scenario.concurrency.toLocaleString('en')} functions at most (simulated)`;
  const intervalMs = assumed.sweepEveryMinutes * 60_000;
  const { running, queueAgeMs, stalenessMs } = day;
  const time = (id: string, what: string, elapsedMs: number): Figure => ({
    id: `${scenario.id}.${id}`,
    name: `${what}, ${of}`,
    value: Math.round(elapsedMs / 100) / 10,
    unit: 's',
    reference: intervalMs / 1000,
  });
  return [
    time('staleness.p50', 'how old what is known becomes, half of the time, against the interval', stalenessMs.p50),
    time('staleness.p99', 'how old what is known becomes, 1 in 100, against the interval', stalenessMs.p99),
    time('staleness.max', 'how old what is known becomes, at most, against the interval', stalenessMs.max),
    time('queue-age', 'how long a message waits, at most, against the interval', queueAgeMs.max),
    {
      id: `${scenario.id}.functions`,
      name: `functions at once, at most, against their mean, ${of}`,
      value: running.peak,
      unit: 'functions',
      reference: Math.round(running.mean * 10) / 10,
    },
    ...(scenario.id === 'many' || scenario.id === 'large' ? quotaFigures(outcome) : []),
  ];
}

function quotaFigures({ scenario, uses }: Outcome): readonly Figure[] {
  const growing = uses.filter(({ growsWith }) => growsWith === 'connections');
  const first = growing.reduce((worst, use) => (shareOf(use) > shareOf(worst) ? use : worst));
  return [
    ...uses.map((use) => ({
      id: `${scenario.id}.quota.${use.id}`,
      name: `${use.name}, ${scenario.name}, against the quota (simulated)`,
      value: Math.round(use.used),
      unit: use.unit,
      reference: use.quota,
    })),
    {
      id: `${scenario.id}.breaks`,
      name: `connections at which the first quota is used up, which is ${first.name} (calculated)`,
      value: Math.floor(scenario.connections / shareOf(first)),
      unit: 'connections',
    },
  ];
}

function shareOf({ used, quota }: QuotaUse): number {
  return used / quota;
}

function detailOf({ scenario, cost, day }: Outcome): string {
  const ticks = cost.tickMs.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(' + ');
  return `scale.${scenario.id}: a sweep takes ${ticks}, ${cost.reads} read and ${cost.writes} write units; ${day.sweeps} sweeps`;
}
