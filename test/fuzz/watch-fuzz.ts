import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitLine, type Point } from '../../bench/fit.ts';
import type { Json } from '../../src/model/json.ts';
import type { FuzzMessage } from './fuzz-messages.ts';
import type { Finding } from './try-input.ts';

export type FuzzRun = { readonly seed: string; readonly seconds: number; readonly mostInputs?: number | undefined };

export type Watched = {
  readonly inputs: number;
  readonly accepted: number;
  readonly heap: string;
  readonly findings: readonly (Finding & { readonly input: Json })[];
};

const program = fileURLToPath(new URL('fuzz-program.ts', import.meta.url));
/** No input takes a hundredth of it, and reducing one tells nothing for a while; a busy machine may open a target slowly. */
const usualPatience = { program, openingMs: 300_000, patienceMs: 60_000 };
const megabyte = 2 ** 20;
/** From the point on at which everything is compiled and kept that is kept, what may be added in ten minutes. */
const warmUpShare = 0.4;
const leastMs = 4 * 60_000;
const mostPerTenMinutes = 4 * megabyte;

/** Runs a target in a process of its own, and says what it found; also that it hung, died, or grew. */
export async function watchFuzz(
  name: string,
  { seed, seconds, mostInputs = Number.MAX_SAFE_INTEGER }: FuzzRun,
  { program: path, openingMs, patienceMs } = usualPatience,
): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const inputFile = join(folder, 'input.json');
  const args = [name, seed, String(seconds), inputFile, String(mostInputs)];
  const execArgv = ['--expose-gc', '--max-old-space-size=1024'];
  const child = fork(path, args, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const findings: (Finding & { input: Json })[] = [];
  const heap: Point[] = [];
  let counts = { inputs: 0, accepted: 0 };
  let isOpen = false;
  let isDone = false;
  let heardAtMs = Date.now();
  child.on('message', (told) => {
    const message = told as FuzzMessage;
    heardAtMs = Date.now();
    isOpen = true;
    if (message.kind === 'progress') counts = message;
    if (message.kind === 'heap') heap.push({ x: message.atMs, y: message.bytes });
    if (message.kind === 'found') findings.push({ ...message.finding, input: message.input });
    if (message.kind === 'done') isDone = true;
  });
  let isSilent = false;
  const watching = setInterval(() => {
    isSilent = Date.now() - heardAtMs > (isOpen ? patienceMs : openingMs);
    if (isSilent) child.kill('SIGKILL');
  }, 200);
  await once(child, 'exit');
  clearInterval(watching);
  if (!isDone) {
    const message = isSilent ? 'told nothing for too long' : `ended with ${child.exitCode ?? child.signalCode}`;
    findings.push({ rule: isSilent ? 'hang' : 'death', message, input: await readInput(inputFile) });
  }
  await rm(folder, { recursive: true });
  const growth = judgeHeap(heap);
  if (growth.finding !== undefined) findings.push({ ...growth.finding, input: null });
  return { ...counts, heap: growth.text, findings };
}

async function readInput(file: string): Promise<Json> {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Whether what is kept after collection stays what it is: the line through it, after the beginning. */
export function judgeHeap(looks: readonly Point[]): { readonly text: string; readonly finding?: Finding } {
  const [first, last] = [looks[0]?.x ?? 0, looks.at(-1)?.x ?? 0];
  const counted = looks.filter(({ x }) => x >= first + warmUpShare * (last - first));
  const text = `heap ${inMb(counted[0]?.y ?? 0)} to ${inMb(counted.at(-1)?.y ?? 0)} MB`;
  if (last - first < leastMs) return { text };
  const perTenMinutes = fitLine(counted).perOne * 600_000;
  const told = `${text}, ${perTenMinutes < 0 ? '-' : '+'}${inMb(Math.abs(perTenMinutes))} MB in ten minutes`;
  if (perTenMinutes <= mostPerTenMinutes) return { text: told };
  return { text: told, finding: { rule: 'leak', message: told } };
}

function inMb(bytes: number): string {
  return (bytes / megabyte).toFixed(1);
}
