import { createRandom, type Random } from '../../local/simulators/random.ts';
import { type FaultKind, faultKinds } from './faults/fault-kinds.ts';
import { type SimulatedName, simulatedNames } from './vendor/vendor-site.ts';

/** What a seed decides before anything happens. */
export type SeedPlan = {
  readonly seed: number;
  readonly connections: readonly ConnectionPlan[];
  /** Chances of faults in 10,000; those that are left out never happen. Different seeds have different ones. */
  readonly chances: ReadonlyMap<FaultKind, number>;
  /** Whether nothing goes wrong before the first list is known. */
  readonly hasPrelude: boolean;
  /** Whether operators change settings and remove connections. */
  readonly isResettled: boolean;
  /** Whether operators tell the present of everybody. */
  readonly hasResyncs: boolean;
  /** How many things happen before the faults stop. */
  readonly steps: number;
  readonly pageSize: number;
  /** How far the table's indexes are behind it. */
  readonly indexLagMs: number;
  /** How long ticks may take, one of these each. */
  readonly tickMs: readonly number[];
  /** The most items that a query answers. */
  readonly queryPage: number;
};

export type ConnectionPlan = {
  readonly vendor: SimulatedName;
  readonly users: number;
  /** Whose users begin as the same ones, with the same ids: the number of another connection, or its own. */
  readonly likeNumber: number;
  readonly baseline: 'silent' | 'emit';
  /** How many changes of a kind pass the brake. */
  readonly brake: number;
  readonly isDelta: boolean;
  readonly confirmSweeps: number;
  readonly isProbing: boolean;
};

export function planSeed(seed: number): SeedPlan {
  const random = createRandom(`plan/${seed}`);
  const isBig = random.below(25) === 0;
  const plan = (likeNumber: number): ConnectionPlan => ({
    vendor: random.pick(simulatedNames),
    users: isBig ? 112 + random.below(10) : 2 + random.below(13),
    likeNumber,
    baseline: random.pick(['silent', 'emit'] as const),
    brake: isBig ? 1_000 : random.pick([1, 2, 3, 1_000, 1_000]),
    isDelta: random.below(3) > 0,
    confirmSweeps: random.pick([2, 2, 3]),
    isProbing: random.below(2) === 0,
  });
  const first = plan(0);
  const second = random.below(2) === 0 ? plan(1) : { ...plan(0), vendor: first.vendor, users: first.users };
  return {
    seed,
    connections: isBig || random.below(3) > 0 ? [first] : [first, second],
    chances: new Map(faultKinds.flatMap((kind) => chanceOf(random, kind))),
    hasPrelude: random.below(4) > 0,
    isResettled: random.below(3) === 0,
    hasResyncs: random.below(3) === 0,
    steps: isBig ? 400 : 120 + random.below(200),
    indexLagMs: random.pick([0, 0, 2_000, 90_000]),
    tickMs: random.below(3) === 0 ? shortTicks : longTicks,
    pageSize: isBig ? 50 : 2 + random.below(5),
    queryPage: random.pick([2, 5, 1_000]),
  };
}

/** Of a tick, half a minute is kept for what comes after the list. */
const shortTicks: readonly number[] = [31_000, 31_500, 33_000, 900_000];
const longTicks: readonly number[] = [33_000, 60_000, 900_000, 900_000, 900_000, 900_000];

/** Of some there is not much to befall. */
const weights: { readonly [Kind in FaultKind]?: number } = {
  put_answer_lost: 10,
  stream_late: 5,
  stream_lost: 2,
  message_lost: 2,
  message_twice: 2,
};

/** Every kind is in half of the seeds: where all of them happen at once, some hide each other. */
function chanceOf(random: Random, kind: FaultKind): readonly (readonly [FaultKind, number])[] {
  const chance = (20 + random.below(300)) * (weights[kind] ?? 1);
  return random.below(2) === 0 ? [[kind, chance]] : [];
}
