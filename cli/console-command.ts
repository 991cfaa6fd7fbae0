import { Command, Option } from 'commander';
import { readPort } from './dev-options.ts';
import { byOption, stackOption, stateOption } from './feed-options.ts';
import type { Output } from './output.ts';
import type { ConsoleCommandOptions } from './run-console.ts';

/** `ucf console`: the feed as a web page, on this machine alone. */
export function consoleCommand(output: Output): Command {
  return new Command('console')
    .description('show the feed as a web page on this machine: what stands how, what changes and why, what is held')
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--port <n>', 'port on 127.0.0.1; a free one near 4700 by default').argParser(readPort))
    .addOption(new Option('--open', 'open the page in the browser').default(false))
    .addOption(byOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf console --state .state
  $ ucf console --stack user-change-feed --open

The address has a token: whoever has it may read everything and decide on holds as you. It ends with the command.`,
    )
    .action(async (options: ConsoleCommandOptions) => {
      const { runConsole } = await import('./run-console.ts');
      process.exitCode = await runConsole(options, output);
    });
}
