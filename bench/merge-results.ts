import type { Bench } from './bench.ts';
import type { BenchResult } from './bench-result.ts';

export type ResultsToMerge = {
  readonly all: readonly Bench[];
  readonly measured: readonly Bench[];
  readonly fresh: readonly BenchResult[];
  readonly kept: readonly BenchResult[];
};

/** The results of all benches, in their order: fresh ones of those that ran, kept ones of the others. */
export function mergeResults({ all, measured, fresh, kept }: ResultsToMerge): readonly BenchResult[] {
  return all.flatMap((bench) => {
    const source = measured.includes(bench) ? fresh : kept;
    return source.filter(({ id }) => id.startsWith(`${bench.id}.`));
  });
}
