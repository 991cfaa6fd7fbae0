import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { statuses } from '../src/model/canonical-user.ts';
import {
  byOption,
  type FeedOptions,
  jsonOption,
  nowOption,
  stackOption,
  stateOption,
  yesOption,
} from './feed-options.ts';
import type { ListUsersOptions } from './list-users.ts';
import type { Output } from './output.ts';
import type { PurgeOptions } from './request-purge.ts';

/** `ucf users`: what is known of single users. */
export function usersCommand(output: Output): Command {
  return new Command('users')
    .description('what is known of single users')
    .addCommand(listCommand(output))
    .addCommand(showCommand(output))
    .addCommand(historyCommand(output))
    .addCommand(purgeCommand(output))
    .addHelpText(
      'after',
      `
Examples:
  $ ucf users list acme --state .state
  $ ucf users show acme 42 --state .state
  $ ucf users purge acme 42 --state .state`,
    );
}

function listCommand(output: Output): Command {
  return new Command('list')
    .description('list the present users of a connection, as consumers know them')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(
      new Option('--with-sequence', 'print first the position from which ucf changes --after goes on').default(false),
    )
    .addOption(
      new Option('--status <status>', 'only with this status; may be repeated')
        .choices(statuses)
        .default([], 'all')
        .argParser(readStatus),
    )
    .addOption(
      new Option('--json', 'print JSON lines: the position, if asked for, then one line a user').default(false),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ ucf users list acme --status suspended --status inactive --state .state
  $ ucf users list acme --with-sequence --json --stack user-change-feed

Exit codes: 0 done, 1 the baseline is not complete yet, 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: ListUsersOptions) => {
      const { listUsers } = await import('./list-users.ts');
      process.exitCode = await listUsers(id, options, output);
    });
}

function readStatus(text: string, before: readonly string[]): readonly string[] {
  if (statuses.includes(text as never)) return [...before, text];
  throw new InvalidArgumentError(`expected one of ${statuses.join(', ')}.`);
}

function showCommand(output: Output): Command {
  return oneUser(new Command('show').description('show what is known of one user'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf users show acme 42 --state .state')
    .action(async (id: string, userId: string, options: FeedOptions & { json: boolean }) => {
      const { showUser } = await import('./show-user.ts');
      process.exitCode = await showUser([id, userId], options, output);
    });
}

function historyCommand(output: Output): Command {
  return oneUser(
    new Command('history').description('print what happened to one user in the 90 days that the log keeps'),
  )
    .addOption(new Option('--json', 'print each event as EventBridge delivers it, as JSON lines').default(false))
    .addHelpText(
      'after',
      '\nExample:\n  $ ucf users history acme 42 --state .state\n\nIt reads the whole log of the connection.',
    )
    .action(async (id: string, userId: string, options: FeedOptions & { json: boolean }) => {
      const { showHistory } = await import('./show-user.ts');
      process.exitCode = await showHistory([id, userId], options, output);
    });
}

function oneUser(command: Command): Command {
  return command
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addArgument(new Argument('<user>', "the vendor's id of the user"))
    .addOption(stateOption())
    .addOption(stackOption());
}

function purgeCommand(output: Output): Command {
  return new Command('purge')
    .description('erase who a user is from everything that is kept: entry, log, holds and checkpoints')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addArgument(new Argument('<user>', "the vendor's id of the user"))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(byOption())
    .addOption(nowOption())
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
      const { requestPurge } = await import('./request-purge.ts');
      process.exitCode = await requestPurge([id, userId], options, output);
    });
}
