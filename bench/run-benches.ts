import type { Bench } from './bench.ts';
import { type BenchResult, toBenchResult } from './bench-result.ts';

export type BenchRun = { readonly results: readonly BenchResult[]; readonly details: readonly string[] };

export type RunAsk = {
  readonly isQuick: boolean;
  /** Results of runs before. */
  readonly kept: readonly BenchResult[];
  readonly onStart: (benchId: string) => void;
};

/** Runs benches one after the other, so that none takes time from another. */
export async function runBenches(benches: readonly Bench[], { isQuick, kept, onStart }: RunAsk): Promise<BenchRun> {
  const runs: BenchRun[] = [];
  const known = new Map(kept.map((result) => [result.id, result]));
  for (const bench of benches) {
    onStart(bench.id);
    const { figures, details } = await bench.measure({ isQuick, measured: (id) => known.get(id) });
    const results = figures.map((figure) => toBenchResult(bench.id, figure));
    for (const result of results) known.set(result.id, result);
    runs.push({ results, details });
  }
  return { results: runs.flatMap(({ results }) => results), details: runs.flatMap(({ details }) => details) };
}
