#!/usr/bin/env node
import { terminalOutput } from './output.ts';
import { runProgram } from './run-program.ts';

process.exitCode = await runProgram(process.argv.slice(2), terminalOutput);
