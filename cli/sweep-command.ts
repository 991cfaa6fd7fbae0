import { Argument, Command, Option } from 'commander';
import { jsonOption, stackOption, stateOption } from './feed-options.ts';
import type { Output } from './output.ts';
import type { SweepOptions } from './run-sweep.ts';

/** `ucf sweep`: one sweep, now. */
export function sweepCommand(output: Output): Command {
  return new Command('sweep')
    .description('sweep one connection now, to the end, and publish; or see what that would publish')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--full', 'read the whole list, which is the default').default(false))
    .addOption(
      new Option('--delta', 'ask for what changed only, where the vendor can be asked')
        .default(false)
        .conflicts('full'),
    )
    .addOption(
      new Option('--dry-run', 'write and publish nothing: print the events that would be published').default(false),
    )
    .addOption(
      new Option('--config <file>', 'take the settings from this connection file; without --dry-run they are saved'),
    )
    .addOption(holdOption('--approve <hold>', 'with --dry-run: as if this hold had been approved; may be repeated'))
    .addOption(holdOption('--reject <hold>', 'with --dry-run: as if this hold had been rejected; may be repeated'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf sweep acme --state .state
  $ ucf sweep acme --dry-run --config changed.json --state .state
  $ ucf sweep acme --dry-run --approve 1f2e3d4c-deleted --state .state

Exit codes: 0 done, 1 the sweep failed, is incomplete or holds changes back, 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: SweepOptions) => {
      const { runSweep } = await import('./run-sweep.ts');
      process.exitCode = await runSweep(id, options, output);
    });
}

function holdOption(flags: string, description: string): Option {
  const collect = (hold: string, before: readonly string[]) => [...before, hold];
  return new Option(flags, description).default([], 'none').argParser(collect);
}
