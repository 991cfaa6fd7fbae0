// Runs the benches, prints one table and writes `bench/results.json`, which is checked in: docs/performance.md and its
// readers take their figures from there. To refresh it, run `npm run bench` on a machine that does nothing else, and
// commit it. Exits with 1 when a target is missed.
import { runBenchProgram } from './bench-program.ts';
import { benches } from './benches.ts';

process.exitCode = await runBenchProgram(process.argv.slice(2), {
  benches,
  file: new URL('results.json', import.meta.url),
  print: console.log,
  note: console.error,
});
