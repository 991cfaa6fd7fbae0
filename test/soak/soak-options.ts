import { parseArgs } from 'node:util';

export type SoakOptions = {
  readonly minutes: number;
  /** Decides on people, what happens to them, and what the vendors do when. */
  readonly seed: string;
  /** Only changes, no faults: then the table is used as it is calculated. */
  readonly isCalm: boolean;
};

/** Reads the words after `npm run test:soak --`. @throws TypeError or RangeError for wrong ones */
export function readSoakOptions(words: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      calm: { type: 'boolean', default: false },
    },
  });
  if (!/^[1-9]\d{0,3}$/.test(values.minutes))
    throw new RangeError(`--minutes takes a whole number like 60, not ${JSON.stringify(values.minutes)}`);
  return { minutes: Number(values.minutes), seed: values.seed, isCalm: values.calm };
}
