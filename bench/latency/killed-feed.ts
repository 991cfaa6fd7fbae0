import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type NumberedList, startNumberedList } from '../numbered-list.ts';

/** From the moment at which a process was killed, and another one begun, to the last event of all changes. */
export type Recovery = {
  readonly elapsedMs: number;
  /** Walks of the list that were begun after the kill. */
  readonly walks: number;
  /** Events that were delivered more than once. */
  readonly repeated: number;
};

/** `ucf dev --once` over one state folder, again and again. */
export type KilledFeed = {
  /** As it is with nobody to kill it, from its beginning. */
  runUndisturbed(): Promise<Recovery>;
  /** Killed with half of the pages read. */
  killWhileReading(): Promise<Recovery>;
  /** Killed with the first event delivered, of many. */
  killWhilePublishing(): Promise<Recovery>;
  close(): Promise<void>;
};

const program = fileURLToPath(new URL('../../cli/ucf.ts', import.meta.url));
const pageSize = 100;
const lookEveryMs = 5;
const patienceMs = 120_000;

export async function startKilledFeed({ users }: { readonly users: number }): Promise<KilledFeed> {
  const changes = users / 2;
  const folder = await mkdtemp(join(tmpdir(), 'bench-kill-'));
  const list = await startNumberedList(users);
  const words = await configure(folder, list);
  const eventFile = join(folder, 'events.jsonl');
  let walks = 0;
  let onPage = (_page: number): void => undefined;
  list.onPage = (page) => {
    if (page === 1) walks += 1;
    onPage(page);
  };
  const start = () => spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  const sequences = async () => {
    const text = await readFile(eventFile, 'utf8').catch(() => '');
    // The last line may be half written.
    return text.split('\n').slice(0, -1).map(readSequence);
  };
  const finish = async (child: ChildProcess) => {
    if (child.exitCode === null) await once(child, 'exit');
  };
  const change = async () => {
    Object.assign(list, { changed: changes, change: list.change + 1 });
    walks = 0;
    await rm(eventFile, { force: true });
  };
  const recover = async (): Promise<Recovery> => {
    walks = 0;
    const beganAt = performance.now();
    const child = start();
    await until(async () => new Set(await sequences()).size >= changes);
    const elapsedMs = performance.now() - beganAt;
    await finish(child);
    const all = await sequences();
    return { elapsedMs, walks, repeated: all.length - new Set(all).size };
  };
  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL');
    await finish(child);
  };
  await finish(start());
  return {
    async runUndisturbed() {
      await change();
      return recover();
    },
    async killWhileReading() {
      await change();
      const child = start();
      await new Promise<void>((resolve) => {
        onPage = (page) => {
          if (page === Math.ceil(users / pageSize / 2)) resolve();
        };
      });
      await kill(child);
      onPage = () => undefined;
      return recover();
    },
    async killWhilePublishing() {
      await change();
      const child = start();
      await until(async () => (await sequences()).length > 0);
      await kill(child);
      return recover();
    },
    async close() {
      await list.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function configure(folder: string, { baseUrl }: NumberedList): Promise<readonly string[]> {
  const connection = {
    id: 'bench',
    vendor: 'openproject',
    baseUrl,
    credentials: { apiKey: { file: './key' } },
    options: { pageSize },
    // The same users change with every run, all on one day.
    brake: { updated: { maxCount: 1_000_000, maxPercent: 100 } },
  };
  const file = join(folder, 'connections.json');
  await writeFile(join(folder, 'key'), 'bench');
  await writeFile(file, JSON.stringify({ connections: [connection] }));
  const state = join(folder, 'state');
  const events = join(folder, 'events.jsonl');
  return ['dev', '--once', '--no-console', '--config', file, '--state', state, '--events', events];
}

function readSequence(line: string): number {
  const { detail } = JSON.parse(line) as { readonly detail: { readonly metadata: { readonly sequence: number } } };
  return detail.metadata.sequence;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const beganAt = performance.now(); !(await isTrue()); await sleep(lookEveryMs))
    if (performance.now() - beganAt > patienceMs) throw new Error('the events of a run did not come');
}
