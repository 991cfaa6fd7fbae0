import { CommanderError } from 'commander';
import { type ExitCode, exitCodeOf, exitCodes, explainError } from './exit-code.ts';
import type { Output } from './output.ts';
import { plainPaint } from './paint.ts';
import { createProgram } from './program.ts';

/** Runs `ucf` with the words of a command line, and answers its exit code. */
export async function runProgram(words: readonly string[], output: Output): Promise<ExitCode> {
  process.exitCode = exitCodes.done;
  try {
    await createProgram(output).parseAsync(words, { from: 'user' });
    return process.exitCode as unknown as ExitCode;
  } catch (error) {
    // Commander has printed its own message; help and version are no errors.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsageOrConfiguration;
    const { paintNote = plainPaint } = output;
    output.note(`${paintNote('red', 'ucf:')} ${explainError(error)}`);
    return exitCodeOf(error);
  }
}
