#!/usr/bin/env node
import { terminalOutput } from './output.ts';
import { runProgram } from './run-program.ts';

// Whoever stops reading, as `head` does, wants no more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2), terminalOutput);
