import { runProgram } from '../../support/run-program.ts';
import { type PlantedOptions, readPlantedOptions } from './planted-options.ts';
import { searchFault } from './search-fault.ts';

await runProgram(readPlantedOptions, searchAll);

/** Says of each fault who has found it; a fault counts as found by the oracle that it is for. */
async function searchAll({ faults, ...seeds }: PlantedOptions): Promise<number> {
  let found = 0;
  for (const fault of faults) {
    const search = await searchFault(fault, seeds);
    const isFound = search.complaints.includes(fault.oracle);
    if (isFound) found += 1;
    const by = search.complaints.length === 0 ? 'nobody' : search.complaints.join(', ');
    say(`${isFound ? 'found' : 'NOT FOUND'} "${fault.name}" by ${by} with ${search.seeds} seeds`);
  }
  say(`${found} passed, ${faults.length - found} failed`);
  return found === faults.length ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
