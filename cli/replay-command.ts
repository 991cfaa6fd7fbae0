import { Argument, Command, Option } from 'commander';
import { readMark, typeOption } from './log-options.ts';
import type { Output } from './output.ts';
import type { ReplayOptions } from './run-replay.ts';
import { addRunOptions } from './target-options.ts';

/** `ucf replay`: events of the log once more. */
export function replayCommand(output: Output): Command {
  const command = new Command('replay')
    .description('send events of the log once more, with the same ids and origin replay')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(
      new Option('--from <time|sequence>', 'begin with this event, or with what was committed then').argParser(
        readMark,
      ),
    )
    .addOption(
      new Option('--to <time|sequence>', 'end with this event, or with what was committed until then').argParser(
        readMark,
      ),
    )
    .addOption(typeOption());
  return addRunOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ ucf replay acme --from 4711 --to-queue "$QUEUE_URL" --stack user-change-feed
  $ ucf replay acme --from 2026-11-23T08:00:00Z --to 2026-11-23T12:00:00Z --type user.deleted --to-bus --stack user-change-feed
  $ ucf replay acme --to-bus --events events.jsonl --yes --state .state

Consumers that have an event already ignore it. Broken off, the same command goes on where it stopped.
Exit codes: 0 done, 1 it failed or events are no longer kept, 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: ReplayOptions) => {
      const { runReplay } = await import('./run-replay.ts');
      process.exitCode = await runReplay(id, options, output);
    });
}
