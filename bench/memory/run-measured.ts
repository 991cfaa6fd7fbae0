import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { functionEnvironments } from '../function-environments.ts';
import type { ChildAsk, ChildMemory } from './child-ask.ts';

const run = promisify(execFile);

export type MeasuredProgram = 'sweep-program' | 'hold-all-program';

/**
 * Assumed: of the 512 MB of the function, Lambda's Node gives nine tenths to old objects. What holds everybody needs more
 * than that.
 */
const heapMb: Record<MeasuredProgram, number> = { 'sweep-program': 460, 'hold-all-program': 8_192 };

/** Runs a program in a process of its own, with the options that the stack gives Node, and gives what it says of its memory. */
export async function runMeasured(program: MeasuredProgram, ask: ChildAsk): Promise<ChildMemory> {
  const path = fileURLToPath(new URL(`${program}.ts`, import.meta.url));
  const { NODE_OPTIONS = '' } = functionEnvironments().sweep ?? {};
  const words = ['--expose-gc', `--max-old-space-size=${heapMb[program]}`, path, JSON.stringify(ask)];
  const { stdout } = await run(process.execPath, words, { env: { NODE_OPTIONS } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ChildMemory;
}
