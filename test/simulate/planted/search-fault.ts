import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { plantFault } from './plant-fault.ts';
import type { PlantedFault } from './planted-faults.ts';

/** Who has complained of a fault, and how many seeds it took. */
export type Search = { readonly complaints: readonly string[]; readonly seeds: number };

/** Runs the simulation over a source with a fault in it, from a seed on, until one fails. */
export async function searchFault(
  fault: PlantedFault,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<Search> {
  const folder = plantFault(fault);
  const words = ['test/simulate/main.ts', '--seed', String(seed), '--runs', String(runs), '--bail'];
  try {
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, words, { cwd: folder, maxBuffer: 2 ** 28 }, (_, stdout) => resolve(stdout));
    });
    return readSearch(output.split('\n'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads what the simulation has printed. */
export function readSearch(lines: readonly string[]): Search {
  const failed = lines.findIndex((line) => /^seed \d+ failed:$/.test(line));
  const told = failed === -1 ? [] : lines.slice(failed + 1);
  const complaints = new Set(told.flatMap((line) => /^ {2}(?!replay)([a-z ]+): /.exec(line)?.[1] ?? []));
  const [, passed, failures] = /^(\d+) passed, (\d+) failed$/m.exec(lines.join('\n')) ?? [];
  return { complaints: [...complaints], seeds: Number(passed ?? 0) + Number(failures ?? 0) };
}
