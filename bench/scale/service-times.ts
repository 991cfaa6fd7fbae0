import type { BenchRequest } from '../bench.ts';
import { assumed } from '../monthly-bill.ts';

/** What one sweep of a fleet is made of, from what other benches have measured. */
export type SweepCost = {
  readonly reads: number;
  readonly writes: number;
  readonly changes: number;
  readonly events: number;
  /** Of each tick, in their order. */
  readonly tickMs: readonly number[];
};

export type SweepAsk = {
  /** One of the sizes that `cost` has. */
  readonly users: number;
  /** Whether pages are asked for ahead of time. */
  readonly isAhead: boolean;
};

/** A tick asks for no page after so long: 15 minutes less the reserve for its commit. */
const tickLimitMs = 870_000;
/** The processor's share of a function. Source: AWS Lambda developer guide, "Configure Lambda function memory". */
const megabytesPerProcessor = 1_769;
/** Assumed: what one call of the table takes where it is made. */
const tableCallMs = 2;
/** As `cost` has it: one in a thousand changes between two sweeps. */
const changedShare = 0.001;

/**
 * How long the ticks of a sweep take: waiting for the vendor, computing with the function's share of a processor, calls
 * of the table, and what each invocation takes besides. Waiting is shorter by what `waiting` has measured, computing is
 * what `cpu` has, units and calls are those of `cost`. @throws where one of these has no result
 */
export function sweepCost({ users, isAhead }: SweepAsk, measured: BenchRequest['measured']): SweepCost {
  const result = (id: string) => {
    const found = measured(id);
    if (found === undefined) throw new Error(`scale needs the result ${id}: run all benches once`);
    return found;
  };
  const of = (what: string) => result(`cost.${what}.${users}.${changedShare * 1000}`).value;
  const list = result('waiting.openproject.list');
  const waitingMs = Math.ceil(users / assumed.usersPerPage) * assumed.vendorSecondsPerPage * 1000;
  const waitedMs = isAhead ? waitingMs * (list.value / (list.reference ?? list.value)) : waitingMs;
  const share = (assumed.sweepMemoryGb * 1024) / megabytesPerProcessor;
  const computedMs = (users * result('cpu.openproject.digests').value) / 1000 / share;
  const calledMs = of('requests') * tableCallMs;
  const changes = users * changedShare;
  return {
    reads: of('reads'),
    writes: of('writes'),
    changes,
    events: changes,
    tickMs: inTicks(waitedMs + computedMs, calledMs + assumed.secondsPerSweepBesides * 1000),
  };
}

/** Each tick walks as long as it may; what is not walking comes with the last one. */
function inTicks(walkMs: number, restMs: number): readonly number[] {
  const full = Math.ceil(walkMs / tickLimitMs) - 1;
  return [...Array.from({ length: full }, () => tickLimitMs), walkMs - full * tickLimitMs + restMs];
}
