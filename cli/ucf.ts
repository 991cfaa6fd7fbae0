#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { endAtDiskFault } from './end-at-disk-fault.ts';
import { createTerminalOutput } from './terminal-output.ts';

// Whoever stops reading, as `head` does, wants no more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// What one run has compiled, the next one need not: half of a start. Older versions of Node cannot, and are only slower.
nodeModule.enableCompileCache?.();
const { runProgram } = await import('./run-program.ts');

const output = createTerminalOutput(process);
endAtDiskFault(output);
process.exitCode = await runProgram(process.argv.slice(2), output);
