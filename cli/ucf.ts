#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { runDev } from './dev.ts';
import { type DevOptions, devCommand } from './dev-options.ts';
import { exitCodeOf, exitCodes, explainError } from './exit-code.ts';
import { terminalOutput } from './output.ts';
import { vendorsCommand } from './vendors-command.ts';

const program = new Command('ucf')
  .description('tells other services when a user appears, changes, changes status or disappears')
  .exitOverride()
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for the options and examples)');

program.addCommand(
  devCommand()
    .copyInheritedSettings(program)
    .action(async (options: DevOptions) => {
      process.exitCode = await runDev(options, terminalOutput);
    }),
);

program.addCommand(vendorsCommand(terminalOutput).copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version are no errors.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUsageOrConfiguration;
  else {
    terminalOutput.note(`ucf: ${explainError(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}
