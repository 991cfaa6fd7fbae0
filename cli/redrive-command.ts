import { Argument, Command, Option } from 'commander';
import type { Instant } from '../src/model/instant.ts';
import { stackOption, stateOption } from './feed-options.ts';
import { readTime } from './log-options.ts';
import type { Output } from './output.ts';
import type { RedriveOptions } from './run-redrive.ts';
import { addPace } from './target-options.ts';

/** `ucf redrive`: what could not be published. */
export function redriveCommand(output: Output): Command {
  const command = new Command('redrive')
    .description('publish what could not be published, in order and with the same ids')
    .addArgument(new Argument('[connection]', 'id of a connection'))
    .addOption(new Option('--all', 'every connection').default(false))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(
      new Option('--from <time>', 'publish again whatever was committed since then, published or not').argParser(
        (text): Instant => readTime(text),
      ),
    );
  return addPace(command)
    .addHelpText(
      'after',
      `
Examples:
  $ ucf redrive acme --stack user-change-feed
  $ ucf redrive --all --stack user-change-feed
  $ ucf redrive acme --from 2026-11-23T08:00:00Z --yes --stack user-change-feed
  $ ucf redrive acme --events events.jsonl --state .state

The publisher may be at work meanwhile. Broken off, the same command goes on where it stopped; with --from it begins again.
Exit codes: 0 everything is on the bus, 1 something is not, 2 wrong usage or configuration.`,
    )
    .action(async (id: string | undefined, options: RedriveOptions) => {
      const { runRedrive } = await import('./run-redrive.ts');
      process.exitCode = await runRedrive(id, options, output);
    });
}
