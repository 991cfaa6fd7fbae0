import { runProgram } from '../support/run-program.ts';
import { simulateInJobs } from './simulate-in-jobs.ts';
import { readSimulateOptions, type SimulateOptions } from './simulate-options.ts';
import { type SimulateSummary, summaryLines } from './simulate-summary.ts';
import { installVirtualBuiltins } from './virtual-builtins.ts';

await runProgram(readSimulateOptions, async (options) => {
  const summary = options.jobs > 1 ? await simulateInJobs(options) : await simulateHere(options);
  for (const line of summaryLines(summary)) process.stdout.write(`${line}\n`);
  return summary.failed === 0 ? 0 : 1;
});

async function simulateHere(here: SimulateOptions): Promise<SimulateSummary> {
  // Before anything is imported that asks for the time, or packs a blob.
  installVirtualBuiltins();
  // The SDK makes an error for each of its calls, in case. Whoever looks at one story wants to know where it went wrong.
  if (!here.isTraced) Error.stackTraceLimit = 0;
  const { simulate } = await import('./simulate.ts');
  return simulate(here);
}
