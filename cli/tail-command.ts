import { Command, Option } from 'commander';
import { stackOption, stateOption } from './feed-options.ts';
import { readPositive, readTime, typeOption } from './log-options.ts';
import type { Output } from './output.ts';
import type { TailOptions } from './tail-events.ts';

/** `ucf tail`: everything that a stack finds, as it finds it. */
export function tailCommand(output: Output): Command {
  return new Command('tail')
    .description('print the events of all connections of a stack as they are committed, until Ctrl+C')
    .addOption(stackOption())
    .addOption(stateOption().hideHelp())
    .addOption(new Option('--from <time>', 'begin with what was committed then, not now').argParser(readTime))
    .addOption(typeOption())
    .addOption(new Option('--limit <n>', 'end after so many events').argParser(readPositive))
    .addOption(new Option('--json', 'print each event as EventBridge delivers it, as JSON lines').default(false))
    .addHelpText(
      'after',
      `
Examples:
  $ ucf tail --stack user-change-feed
  $ ucf tail --type user.deleted --json --stack user-change-feed
  $ ucf tail --from 2026-11-23T08:00:00Z --limit 100 --stack user-change-feed

It looks every two seconds whether a connection has committed something, which costs one small read of each of them.
Connections that are added meanwhile are followed, too. Of one connection, from any event on: ucf changes --follow.
On this machine ucf dev prints the events: nobody else can commit to a state folder that a command has open.`,
    )
    .action(async (options: TailOptions) => {
      const { tailEvents } = await import('./tail-events.ts');
      process.exitCode = await tailEvents(options, output);
    });
}
