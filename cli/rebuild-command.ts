import { Argument, Command, Option } from 'commander';
import { byOption, jsonOption, nowOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import type { Output } from './output.ts';
import type { RebuildOptions } from './run-rebuild.ts';

/** `ucf rebuild`: after items of the table were lost. */
export function rebuildCommand(output: Output): Command {
  return new Command('rebuild')
    .description(
      'make what is known of users again from the log, and the index from that, after items of the table were lost',
    )
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(byOption())
    .addOption(new Option('--dry-run', 'say what is lost, and change nothing').default(false))
    .addOption(nowOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf rebuild acme --dry-run --state .state
  $ ucf rebuild acme --now --yes --stack user-change-feed

Whoever the log does not know either is taken from the vendor's next complete list in silence. What became of him meanwhile
nobody can say: ucf resync tells consumers who is there. It reads everything that is kept of the connection.
Exit codes: 0 done, or nothing is lost; 1 something is lost, or nothing was changed; 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: RebuildOptions) => {
      const { runRebuild } = await import('./run-rebuild.ts');
      process.exitCode = await runRebuild(id, options, output);
    });
}
