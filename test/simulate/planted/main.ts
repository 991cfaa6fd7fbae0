import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { plantFault } from './plant-fault.ts';
import { type PlantedFault, plantedFaults } from './planted-faults.ts';

/** Plants faults in copies of the source, and runs the simulation until it finds each: `[part of a name…] --runs 400`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '400' } },
});
const chosen = plantedFaults.filter(
  ({ name, oracle }) => positionals.length === 0 || positionals.some((part) => `${oracle}: ${name}`.includes(part)),
);
let found = 0;
for (const fault of chosen) {
  const { complaints, seeds } = await search(fault);
  const isFound = complaints.includes(fault.oracle);
  if (isFound) found += 1;
  const by = complaints.length === 0 ? 'nobody' : complaints.join(', ');
  print(`${isFound ? 'found' : 'NOT FOUND'} "${fault.name}" by ${by} with ${seeds} seeds`);
}
print(`${found} passed, ${chosen.length - found} failed`);
process.exitCode = found === chosen.length ? 0 : 1;

async function search(
  fault: PlantedFault,
): Promise<{ readonly complaints: readonly string[]; readonly seeds: number }> {
  const folder = plantFault(fault);
  const words = ['test/simulate/main.ts', '--seed', values.seed, '--runs', values.runs, '--bail'];
  try {
    const lines = await new Promise<readonly string[]>((resolve) => {
      execFile(process.execPath, words, { cwd: folder, maxBuffer: 2 ** 28 }, (_, stdout) =>
        resolve(stdout.split('\n')),
      );
    });
    return readEnd(lines);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Who has complained at the end of a story that failed, and how many seeds it took. */
function readEnd(lines: readonly string[]) {
  const failed = lines.findIndex((line) => /^seed \d+ failed:$/.test(line));
  const told = failed < 0 ? [] : lines.slice(failed + 1).filter((line) => /^ {2}[a-z ]+: /.test(line));
  const [passed, failures] = (/^(\d+) passed, (\d+) failed$/m.exec(lines.join('\n')) ?? []).slice(1).map(Number);
  const complaints = [...new Set(told.map((line) => line.trim().replace(/:.*/, '')))];
  return { complaints: complaints.filter((who) => who !== 'replay it with'), seeds: (passed ?? 0) + (failures ?? 0) };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
