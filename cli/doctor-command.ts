import { Command } from 'commander';
import { byOption, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import type { Output } from './output.ts';
import type { DoctorOptions } from './run-doctor.ts';

/** `ucf doctor`: what is wrong, and what to do about it. */
export function doctorCommand(output: Output): Command {
  return new Command('doctor')
    .description('say what is wrong with a feed or any of its connections, and what to do about it')
    .addOption(stateOption())
    .addOption(stackOption())
    .option(
      '--recover',
      'after the table was restored from a backup: give the feed a new epoch, so that sweeps go on',
      false,
    )
    .option('--force', 'with --recover: also where nothing shows that anything was restored', false)
    .addOption(yesOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf doctor --state .state
  $ ucf doctor --stack user-change-feed --json
  $ ucf doctor --recover --state .state

It looks for connections that are stale, fail, hold changes back or are not published, for fields that always change,
and for a table that was restored. Of a stack also for AWS calls that your credentials may not make, missing buses, dead
letters, outputs of an older version and a clock that is wrong here. It changes nothing without --recover.
Exit codes: 0 all is well, or recovered; 1 something is wrong, 2 wrong usage or configuration.`,
    )
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./run-doctor.ts');
      process.exitCode = await runDoctor(options, output);
    });
}
