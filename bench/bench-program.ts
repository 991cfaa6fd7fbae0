import { readFile, writeFile } from 'node:fs/promises';
import { renderTable } from '../cli/render-table.ts';
import type { Bench } from './bench.ts';
import { readBenchOptions } from './bench-options.ts';
import type { BenchResult } from './bench-result.ts';
import { mergeResults } from './merge-results.ts';
import { resultRow } from './result-row.ts';
import { runBenches } from './run-benches.ts';

export type BenchProgram = {
  readonly benches: readonly Bench[];
  /** Where the results are kept. */
  readonly file: URL;
  readonly print: (text: string) => void;
  readonly note: (text: string) => void;
};

/** Runs the benches that the words ask for, and gives the exit code: 1 when a target is missed. */
export async function runBenchProgram(
  words: readonly string[],
  { benches, file, print, note }: BenchProgram,
): Promise<0 | 1> {
  const ids = benches.map(({ id }) => id);
  const { only, quick: isQuick, verbose } = readBenchOptions(words, ids);
  const measured = benches.filter(({ id }) => id === (only ?? id));
  const kept = await readResults(file);
  const { results: fresh, details } = await runBenches(measured, {
    isQuick,
    kept,
    onStart: (id) => note(`measuring ${id} …`),
  });
  const results = mergeResults({ all: benches, measured, fresh, kept });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  if (verbose) print(['', ...details, ''].join('\n'));
  // As wide as it gets: a table that is wrapped is no table to copy from.
  print(renderTable(fresh.map(resultRow), Number.MAX_SAFE_INTEGER).join('\n'));
  return fresh.some(({ met }) => met === false) ? 1 : 0;
}

/** Results of runs before; none where there was no run. */
async function readResults(file: URL): Promise<readonly BenchResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return JSON.parse(text) as readonly BenchResult[];
}
