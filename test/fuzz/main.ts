import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/run-program.ts';
import { type FuzzOptions, readFuzzOptions } from './fuzz-options.ts';
import { type Watched, watchFuzz } from './watch-fuzz.ts';

const foundFolder = fileURLToPath(new URL('found', import.meta.url));

await runProgram(readFuzzOptions, fuzz);

async function fuzz({ targets, secondsEach, seed, mostInputs }: FuzzOptions): Promise<number> {
  let failed = 0;
  for (const target of targets) {
    const watched = await watchFuzz(target, { seed, seconds: secondsEach, mostInputs });
    const { inputs, accepted, heap, findings } = watched;
    const isGood = findings.length === 0 && inputs > 0;
    if (!isGood) failed += 1;
    say(
      `${isGood ? 'passed' : 'FAIL'} ${target}: ${inputs} inputs, ${accepted} accepted, within ${secondsEach.toFixed(0)} s, seed ${seed}; ${heap}`,
    );
    for (const finding of findings) await tellFinding(target, finding);
  }
  say(`${targets.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** As a file that `npm test` reads from then on. */
async function tellFinding(target: string, { rule, message, input }: Watched['findings'][number]): Promise<void> {
  const text = `${JSON.stringify({ target, rule, message: message.slice(0, 1_000), input }, null, 2)}\n`;
  const file = `${foundFolder}/${target}-${rule.replaceAll('_', '-')}-${hash('sha256', JSON.stringify(input)).slice(0, 8)}.json`;
  await mkdir(foundFolder, { recursive: true });
  await writeFile(file, text);
  say(`  ${rule}: ${message.split('\n')[0]?.slice(0, 300)}\n  in ${relative(process.cwd(), file)}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
