import { Command, Option } from 'commander';

export type BenchOptions = {
  readonly quick: boolean;
  readonly verbose: boolean;
  readonly only?: string;
};

/** Reads the words after `npm run bench --`. Wrong ones end the program with 2; 1 means that a target is missed. */
export function readBenchOptions(words: readonly string[], benchIds: readonly string[]): BenchOptions {
  return new Command('npm run bench --')
    .description('measure what the feed costs, each figure beside a reference, and write bench/results.json')
    .addOption(new Option('--quick', 'fewer repetitions and smaller amounts').default(false))
    .addOption(new Option('--only <id>', 'one bench; the results of the others are kept').choices(benchIds))
    .addOption(new Option('--verbose', 'tell where the figures come from').default(false))
    .addHelpText('after', '\nExit codes: 0 every target is met, 1 one is missed, 2 wrong usage.')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(words, { from: 'user' })
    .opts<BenchOptions>();
}
