import { vi } from 'vitest';
import { runProgram } from '../../cli/run-program.ts';
import type { UcfRun } from './run-ucf.ts';

/** Runs `ucf` in this process, as a process of its own would run it. */
export async function runUcfHere(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<UcfRun> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const before = process.exitCode;
  let stdout = '';
  let stderr = '';
  const exitCode = await runProgram(words, {
    result(line) {
      stdout += `${line}\n`;
    },
    note(line) {
      stderr += `${line}\n`;
    },
  });
  process.exitCode = before;
  return { exitCode, stdout, stderr };
}

/** What an operator of AWS has in the environment, with nothing of this machine's own settings. */
export const operatorEnvironment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-operator',
  AWS_SESSION_TOKEN: '',
  AWS_PROFILE: '',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;
