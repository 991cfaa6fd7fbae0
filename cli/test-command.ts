import { Argument, Command, Option } from 'commander';
import { jsonOption, stackOption, stateOption } from './feed-options.ts';
import type { Output } from './output.ts';
import type { TestOptions } from './test-connections.ts';

/** `ucf connections test`: what an account shows, before anything depends on it. */
export function testCommand(output: Output): Command {
  return new Command('test')
    .description('fetch one page and say what the account shows, and what its list can prove; nothing is kept')
    .addArgument(new Argument('[connection]', 'id of a connection; may be left out with --config'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--config <file>', 'test the connections of this file, saved or not'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf connections test acme --stack user-change-feed
  $ ucf connections test --config connections.json
  $ ucf connections test acme --config connections.json --state .state

The page is fetched from this machine, also for a stack: with your AWS credentials, and if the vendor can be reached
from here. Exit codes: 0 all passed, 1 one failed, 2 wrong usage or configuration.`,
    )
    .action(async (id: string | undefined, options: TestOptions) => {
      const { testConnections } = await import('./test-connections.ts');
      process.exitCode = await testConnections(id, options, output);
    });
}
