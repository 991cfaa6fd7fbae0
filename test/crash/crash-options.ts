import { parseArgs } from 'node:util';

export type CrashOptions = { readonly kills: number; readonly seed: number };

/** Reads the words after `npm run test:crash --`. @throws TypeError or RangeError for wrong ones */
export function readCrashOptions(words: readonly string[]): CrashOptions {
  const { values } = parseArgs({
    args: [...words],
    options: { kills: { type: 'string', default: '8' }, seed: { type: 'string', default: '1' } },
  });
  return { kills: wholeNumber('--kills', values.kills), seed: wholeNumber('--seed', values.seed) };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new RangeError(`${name} takes a whole number like 200, not ${JSON.stringify(text)}`);
}
