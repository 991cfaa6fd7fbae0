import { type AwsStand, createAwsStand } from './aws/aws-stand.ts';
import { chooseSlice, type TriedSeed } from './choose-slice.ts';
import { eventfulKinds, faultKinds } from './faults/fault-kinds.ts';
import { runSeed, type SeedResult } from './run-seed.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { addCounts, type SimulateSummary } from './simulate-summary.ts';

/** A long run says now and then how far it is. */
const progressSeeds = 100;

/** Runs seeds one after the other and tells of those that fail. */
export async function simulate(options: SimulateOptions): Promise<SimulateSummary> {
  const { seeds, isTraced, stopsAtFailure } = options;
  const stand = createAwsStand();
  const tried: TriedSeed[] = [];
  const summary: SimulateSummary = { passed: 0, failed: 0, counts: {} };
  for (const seed of seeds) {
    const result = await runSeed(seed, stand, isTraced);
    addCounts(summary.counts, result.counts);
    if (options.choosesSlice) tried.push({ seed, counts: new Map(result.counts) });
    if (isTraced) print(result.trace);
    if (result.faults.length === 0) summary.passed += 1;
    else {
      summary.failed += 1;
      await tellFailure(result, stand, isTraced);
      if (stopsAtFailure) break;
    }
    tellProgress(seed, summary);
  }
  if (options.choosesSlice) tellSlice(tried);
  return summary;
}

function tellSlice(tried: readonly TriedSeed[]): void {
  const { seeds, missing } = chooseSlice(tried, [...faultKinds, ...eventfulKinds]);
  if (missing.length > 0) print([`none of the seeds has ${missing.join(', ')}`]);
  print([`for the slice: ${seeds.join(', ')}`]);
}

function tellProgress(seed: number, { passed, failed }: SimulateSummary): void {
  if ((passed + failed) % progressSeeds === 0)
    process.stderr.write(`seed ${seed}: ${passed} passed, ${failed} failed\n`);
}

/** What a seed did until it failed: the same again, told this time. */
async function tellFailure({ seed, faults }: SeedResult, stand: AwsStand, wasTraced: boolean): Promise<void> {
  if (!wasTraced) print((await runSeed(seed, stand, true)).trace);
  print([`seed ${seed} failed:`, ...faults.map((fault) => `  ${fault}`)]);
  print([`  replay it with: npm run test:simulate -- --seed ${seed} --trace`]);
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
