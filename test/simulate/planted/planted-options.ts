import { parseArgs } from 'node:util';
import { type PlantedFault, plantedFaults } from './planted-faults.ts';

export type PlantedOptions = { readonly faults: readonly PlantedFault[]; readonly seed: number; readonly runs: number };

/** Reads the words after `npm run test:planted --`: parts of names, none for all. @throws TypeError or RangeError for wrong ones */
export function readPlantedOptions(words: readonly string[]): PlantedOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '1000' } },
  });
  const unknown = positionals.find((part) => !plantedFaults.some(({ name }) => name.includes(part)));
  if (unknown !== undefined) throw new RangeError(`no fault has ${JSON.stringify(unknown)} in its name`);
  const isChosen = ({ name }: PlantedFault) =>
    positionals.length === 0 || positionals.some((part) => name.includes(part));
  return {
    faults: plantedFaults.filter(isChosen),
    seed: wholeNumber('--seed', values.seed),
    runs: wholeNumber('--runs', values.runs),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RangeError(`${name} takes a whole number like 400, not ${JSON.stringify(text)}`);
}
