import { runProgram } from '../support/run-program.ts';
import { runSoak } from './run-soak.ts';
import { readSoakOptions, type SoakOptions } from './soak-options.ts';

await runProgram(readSoakOptions, soak);

async function soak(options: SoakOptions): Promise<number> {
  const verdicts = await runSoak(options, say);
  for (const { isGood, text } of verdicts) say(`${isGood ? 'passed' : 'FAIL'} ${text}`);
  const failed = verdicts.filter(({ isGood }) => !isGood).length;
  say(`${verdicts.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
