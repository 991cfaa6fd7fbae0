import type { Bench, BenchRequest } from './bench.ts';
import { type BenchResult, toBenchResult } from './bench-result.ts';

export type BenchRun = { readonly results: readonly BenchResult[]; readonly details: readonly string[] };

/** Runs benches one after the other, so that none takes time from another. */
export async function runBenches(
  benches: readonly Bench[],
  ask: BenchRequest & { readonly onStart: (benchId: string) => void },
): Promise<BenchRun> {
  const runs: BenchRun[] = [];
  for (const bench of benches) {
    ask.onStart(bench.id);
    const { figures, details } = await bench.measure(ask);
    runs.push({ results: figures.map((figure) => toBenchResult(bench.id, figure)), details });
  }
  return { results: runs.flatMap(({ results }) => results), details: runs.flatMap(({ details }) => details) };
}
