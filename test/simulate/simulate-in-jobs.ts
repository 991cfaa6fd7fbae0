import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SimulateOptions } from './simulate-options.ts';
import { addCounts, readSummary, type SimulateSummary } from './simulate-summary.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

/** Runs the seeds in as many processes as there are jobs, a part of them in each. @throws Error where one dies */
export async function simulateInJobs({ seeds, jobs, stopsAtFailure }: SimulateOptions): Promise<SimulateSummary> {
  const share = Math.ceil(seeds.length / jobs);
  const parts = Array.from({ length: jobs }, (_, job) => seeds.slice(job * share, (job + 1) * share));
  const words = stopsAtFailure ? ['--bail'] : [];
  const summaries = await Promise.all(parts.filter(({ length }) => length > 0).map((part) => runPart(part, words)));
  return summaries.reduce(add, { passed: 0, failed: 0, counts: {} });
}

async function runPart(seeds: readonly number[], words: readonly string[]): Promise<SimulateSummary> {
  const options = ['--seed', String(seeds[0]), '--runs', String(seeds.length), ...words];
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve());
  });
  const lines = text.trimEnd().split('\n');
  for (const line of lines.slice(0, -2)) process.stdout.write(`${line}\n`);
  const summary = readSummary(lines);
  if (summary !== undefined) return summary;
  throw new Error(`the job of the seeds from ${seeds[0]} on has died`);
}

function add(one: SimulateSummary, other: SimulateSummary): SimulateSummary {
  const counts = { ...one.counts };
  addCounts(counts, Object.entries(other.counts));
  return { passed: one.passed + other.passed, failed: one.failed + other.failed, counts };
}
