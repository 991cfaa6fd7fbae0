#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { connectionsCommand } from './connections-command.ts';
import { runDev } from './dev.ts';
import { type DevOptions, devCommand } from './dev-options.ts';
import { doctorCommand } from './doctor-command.ts';
import { exitCodeOf, exitCodes, explainError } from './exit-code.ts';
import { holdsCommand } from './holds-command.ts';
import { terminalOutput } from './output.ts';
import { sweepCommand } from './sweep-command.ts';
import { sweepsCommand } from './sweeps-command.ts';
import { usersCommand } from './users-command.ts';
import { vendorsCommand } from './vendors-command.ts';

const program = new Command('ucf')
  .description('tells other services when a user appears, changes, changes status or disappears')
  .exitOverride()
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for the options and examples)');

program.addCommand(
  devCommand().action(async (options: DevOptions) => {
    process.exitCode = await runDev(options, terminalOutput);
  }),
);

program
  .addCommand(vendorsCommand(terminalOutput))
  .addCommand(connectionsCommand(terminalOutput))
  .addCommand(sweepCommand(terminalOutput))
  .addCommand(sweepsCommand(terminalOutput))
  .addCommand(holdsCommand(terminalOutput))
  .addCommand(usersCommand(terminalOutput))
  .addCommand(doctorCommand(terminalOutput));
inheritSettings(program);

/** Commands made elsewhere know nothing of how this program treats errors. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) inheritSettings(child.copyInheritedSettings(command));
}

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
