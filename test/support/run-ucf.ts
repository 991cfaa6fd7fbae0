import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';

const ucf = fileURLToPath(new URL('../../cli/ucf.ts', import.meta.url));

export type UcfRun = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** A child process of the command line; `kill` is SIGKILL. */
export type UcfChild = {
  readonly done: Promise<UcfRun>;
  /** Resolves once the text stands on stderr, or the process has ended. */
  noted(text: string): Promise<void>;
  kill(): void;
  stop(): void;
};

export function startUcf(args: readonly string[], env: Record<string, string> = {}): UcfChild {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [ucf, ...args], {
    // Loading TypeScript is most of a short run: what one process has stripped, the next one need not.
    env: { PATH, HOME, NODE_COMPILE_CACHE: join(tmpdir(), 'ucf-compile-cache'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const done = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  const noted = async (text: string) => {
    while (!stderr.includes(text) && child.exitCode === null) await Promise.race([once(child.stderr, 'data'), done]);
  };
  return { done, noted, kill: () => child.kill('SIGKILL'), stop: () => child.kill('SIGINT') };
}

export function runUcf(args: readonly string[], env: Record<string, string> = {}): Promise<UcfRun> {
  return startUcf(args, env).done;
}

/** The lines of a run that sum up connections, by connection. */
export function summariesOf({ stdout }: UcfRun): Record<string, string> {
  const lines = stdout.split('\n').filter((line) => / seen=\d+ created=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]));
}

/** What an events file holds: every line is a whole event, or this throws. */
export async function readEvents(path: string): Promise<readonly BusEvent[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BusEvent);
}
