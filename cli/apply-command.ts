import { Argument, Command, Option } from 'commander';
import type { ApplyOptions } from './apply-connections.ts';
import { byOption, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import type { Output } from './output.ts';

/** `ucf connections apply`: the connections of a file, and no other way to them. */
export function applyCommand(output: Output): Command {
  return new Command('apply')
    .description('make the feed have the connections of a file: show what changes, test that, and save it')
    .addArgument(new Argument('<file>', 'connection file'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--prune', 'also remove connections that are not in the file').default(false))
    .addOption(new Option('--no-test', 'save without fetching a page of every new or changed connection'))
    .addOption(byOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf connections apply connections.json --stack user-change-feed
  $ ucf connections apply connections.json --prune --yes --state .state

Of every new or changed connection one page of users is fetched, with the credentials it will be swept with, and nothing
of it is kept. Nothing is saved unless all of them pass. For a stack that page is fetched from this machine: your AWS
credentials must be allowed to read the secrets, and the vendor must be reachable from here; --no-test does without.
A state folder that does not exist yet is begun.

Exit codes: 0 done or nothing to do, 1 a vendor did not answer as it should, 2 wrong usage or configuration.`,
    )
    .action(async (path: string, options: ApplyOptions) => {
      const { applyConnections } = await import('./apply-connections.ts');
      process.exitCode = await applyConnections(path, options, output);
    });
}
