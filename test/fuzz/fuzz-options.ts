import { parseArgs } from 'node:util';
import { fuzzTargets } from './fuzz-targets.ts';

export type FuzzOptions = {
  readonly targets: readonly string[];
  /** What each target gets. */
  readonly secondsEach: number;
  readonly seed: string;
  /** The most inputs of a target; with them and a seed a run is the same on every machine. */
  readonly mostInputs?: number;
};

/** Reads the words after `npm run test:fuzz --`. @throws TypeError or RangeError for wrong ones */
export function readFuzzOptions(words: readonly string[]): FuzzOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      inputs: { type: 'string' },
      // All targets share the minutes, instead of getting as many each.
      together: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !fuzzTargets.has(name));
  if (unknown !== undefined)
    throw new RangeError(`there is no target ${JSON.stringify(unknown)}, but: ${[...fuzzTargets.keys()].join(' ')}`);
  if (!/^[1-9]\d{0,3}$/.test(values.minutes))
    throw new RangeError(`--minutes takes a whole number like 10, not ${JSON.stringify(values.minutes)}`);
  if (values.inputs !== undefined && !/^[1-9]\d{0,8}$/.test(values.inputs))
    throw new RangeError(`--inputs takes a whole number like 300, not ${JSON.stringify(values.inputs)}`);
  const targets = positionals.length > 0 ? positionals : [...fuzzTargets.keys()];
  const seconds = Number(values.minutes) * 60;
  return {
    targets,
    secondsEach: values.together ? seconds / targets.length : seconds,
    seed: values.seed,
    ...(values.inputs !== undefined && { mostInputs: Number(values.inputs) }),
  };
}
