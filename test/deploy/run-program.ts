import { spawn } from 'node:child_process';

export type ProgramEnd = {
  readonly exitCode: number;
  readonly printed: string;
  /** Both streams, as they came. */
  readonly said: string;
};

/** Runs a program to its end. @throws where it cannot be started */
export function runProgram(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      said += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? 1, printed, said }));
  });
}
