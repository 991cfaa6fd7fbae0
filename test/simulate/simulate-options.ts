import { parseArgs } from 'node:util';
import { sliceSeeds } from './slice-seeds.ts';

export type SimulateOptions = {
  readonly seeds: readonly number[];
  /** Tells everything that happens. */
  readonly isTraced: boolean;
  /** In how many processes. */
  readonly jobs: number;
  /** Ends with the first seed that fails. */
  readonly stopsAtFailure: boolean;
  /** Says at the end which of the seeds would do for the slice. */
  readonly choosesSlice: boolean;
};

/** Reads the words after `npm run test:simulate --`. @throws TypeError or RangeError for wrong ones */
export function readSimulateOptions(words: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      slice: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      bail: { type: 'boolean', default: false },
      'choose-slice': { type: 'boolean', default: false },
    },
  });
  const first = wholeNumber('--seed', values.seed);
  const runs = wholeNumber('--runs', values.runs);
  const jobs = wholeNumber('--jobs', values.jobs);
  if (jobs < 1 || jobs > 64) throw new RangeError(`--jobs takes 1 to 64, not ${jobs}`);
  const choosesSlice = values['choose-slice'];
  if (jobs > 1 && (values.slice || values.trace || choosesSlice))
    throw new RangeError('--jobs goes with none of --slice, --trace and --choose-slice');
  const seeds = values.slice ? sliceSeeds : Array.from({ length: runs }, (_, at) => first + at);
  return { seeds, jobs, isTraced: values.trace, stopsAtFailure: values.bail, choosesSlice };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`${name} takes a whole number like 4711, not ${JSON.stringify(text)}`);
}
