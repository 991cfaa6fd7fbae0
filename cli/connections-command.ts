import { Argument, Command } from 'commander';
import { applyCommand } from './apply-command.ts';
import { byOption, type FeedOptions, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import type { Output } from './output.ts';
import { pauseCommand } from './pause-command.ts';
import type { RemoveOptions } from './remove-connection.ts';
import { testCommand } from './test-command.ts';
import { validateCommand } from './validate-command.ts';

/** `ucf connections`: whose users are watched, and where. */
export function connectionsCommand(output: Output): Command {
  return new Command('connections')
    .description('whose users are watched, where, and how that stands')
    .addCommand(listCommand(output))
    .addCommand(showCommand(output))
    .addCommand(validateCommand(output))
    .addCommand(testCommand(output))
    .addCommand(applyCommand(output))
    .addCommand(pauseCommand('pause', output))
    .addCommand(pauseCommand('resume', output))
    .addCommand(removeCommand(output))
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf connections list --state .state\n  $ ucf connections apply connections.json --stack user-change-feed\n  $ ucf connections test acme --stack user-change-feed',
    );
}

function listCommand(output: Output): Command {
  return new Command('list')
    .description('list all connections, and how they stand')
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf connections list --state .state')
    .action(async (options: FeedOptions & { json: boolean }) => {
      const { showConnections } = await import('./show-connections.ts');
      process.exitCode = await showConnections(options, output);
    });
}

function showCommand(output: Output): Command {
  return new Command('show')
    .description('show the settings of a connection and how it stands; of secrets, only where they are kept')
    .addArgument(connectionArgument())
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf connections show acme --state .state')
    .action(async (id: string, options: FeedOptions & { json: boolean }) => {
      const { showConnection } = await import('./show-connections.ts');
      process.exitCode = await showConnection(id, options, output);
    });
}

function removeCommand(output: Output): Command {
  return new Command('remove')
    .description('stop watching a connection: publishes connection.removed and deletes the settings')
    .addArgument(connectionArgument())
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(byOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  $ ucf connections remove acme --state .state

Nobody is reported deleted. What is known of the users stays, so that sequences and revisions go on where the
connection is added again; ucf users purge erases a person.`,
    )
    .action(async (id: string, options: RemoveOptions) => {
      const { removeConnection } = await import('./remove-connection.ts');
      process.exitCode = await removeConnection(id, options, output);
    });
}

function connectionArgument(): Argument {
  return new Argument('<connection>', 'id of a connection');
}
