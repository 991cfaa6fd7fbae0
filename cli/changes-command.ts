import { Argument, Command, Option } from 'commander';
import { stackOption, stateOption } from './feed-options.ts';
import { readPositive, readSequence, readTime, typeOption } from './log-options.ts';
import type { Output } from './output.ts';
import type { ChangesOptions } from './show-changes.ts';

/** `ucf changes`: the log as a feed that is pulled. */
export function changesCommand(output: Output): Command {
  return new Command('changes')
    .description('print the events of a connection from its log, in order, published or not')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--after <sequence>', 'begin behind this event').argParser(readSequence))
    .addOption(
      new Option('--epoch <n>', 'the epoch of that event, for one from before a restore').argParser(readPositive),
    )
    .addOption(
      new Option('--from <time>', 'begin with what was committed then')
        .argParser(readTime)
        .conflicts(['after', 'epoch']),
    )
    .addOption(typeOption())
    .addOption(new Option('--limit <n>', 'end after so many events').argParser(readPositive))
    .addOption(new Option('--follow', 'go on with what is committed from now on, until Ctrl+C').default(false))
    .addOption(new Option('--json', 'print each event as EventBridge delivers it, as JSON lines').default(false))
    .addHelpText(
      'after',
      `
Examples:
  $ ucf changes acme --state .state
  $ ucf changes acme --after 4711 --json --stack user-change-feed
  $ ucf changes acme --from 2026-11-23T08:00:00Z --type user.deleted --state .state
  $ ucf changes acme --after 4711 --follow --stack user-change-feed

Without --after and --from it begins with the oldest event that is kept: the log keeps 90 days.
Exit codes: 0 done, 1 events behind --after are no longer kept, 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: ChangesOptions) => {
      const { showChanges } = await import('./show-changes.ts');
      process.exitCode = await showChanges(id, options, output);
    });
}
