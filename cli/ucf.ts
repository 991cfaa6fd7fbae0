#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes, explainError } from './exit-code.ts';
import { terminalOutput } from './output.ts';
import { createProgram } from './program.ts';

try {
  await createProgram(terminalOutput).parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version are no errors.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUsageOrConfiguration;
  else {
    terminalOutput.note(`ucf: ${explainError(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}
