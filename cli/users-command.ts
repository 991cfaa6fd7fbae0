import { Argument, Command, Option } from 'commander';
import { byOption, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import type { Output } from './output.ts';
import { type PurgeOptions, requestPurge } from './request-purge.ts';

/** `ucf users`: what is known of single users. */
export function usersCommand(output: Output): Command {
  return new Command('users')
    .description('what is known of single users')
    .addCommand(purgeCommand(output))
    .addHelpText('after', '\nExample:\n  $ ucf users purge acme 42 --state .state');
}

function purgeCommand(output: Output): Command {
  return new Command('purge')
    .description('erase who a user is from everything that is kept: entry, log, holds and checkpoints')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addArgument(new Argument('<user>', "the vendor's id of the user"))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(byOption())
    .addOption(new Option('--now', 'sweep at once instead of leaving it to the next tick').default(false))
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf users purge acme 42 --state .state
  $ ucf users purge acme 42 --now --yes --by ada --state .state

Id, revision and status stay, so that nothing is published about it and a return is told apart from a first appearance.
What consumers have received is theirs to erase.`,
    )
    .action(async (id: string, userId: string, options: PurgeOptions) => {
      process.exitCode = await requestPurge([id, userId], options, output);
    });
}
