import { runSoak } from './run-soak.ts';
import { readSoakOptions, type SoakOptions } from './soak-options.ts';

const options = readOptions();
if (options === undefined) process.exitCode = 2;
else {
  const verdicts = await runSoak(options, say);
  for (const { isGood, text } of verdicts) say(`${isGood ? 'passed' : 'FAIL'} ${text}`);
  const failed = verdicts.filter(({ isGood }) => !isGood).length;
  say(`${verdicts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readOptions(): SoakOptions | undefined {
  try {
    return readSoakOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
