import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { FeedError } from '../src/model/feed-error.ts';

/** Where the embedded runtime keeps everything that must survive it. One process at a time. */
export type StateFolder = {
  readonly path: string;
  /** The parsed content of a JSON file in the folder; undefined where there is none. */
  readJson(name: string): Promise<unknown>;
  /** Replaces a JSON file whole: a kill leaves the old one or the new one. */
  writeJson(name: string, value: unknown): Promise<void>;
  /** Lets the folder go; a temporary one is deleted. */
  close(): Promise<void>;
};

/**
 * Opens a state folder, or a temporary one where no path is given.
 * @throws local.state_in_use where another process has it open, local.state_unusable where it cannot be written
 */
export async function openStateFolder(path: string | undefined): Promise<StateFolder> {
  const folder = path ?? (await mkdtemp(join(tmpdir(), 'user-change-feed-')));
  // It holds what vendors tell of people: nobody else on this machine gets to read it.
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw unusable(folder, cause);
  });
  const lock = await lockFolder(folder);
  return {
    path: folder,
    async readJson(name) {
      const text = await readFile(join(folder, name), 'utf8').catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return undefined;
        throw unusable(folder, cause);
      });
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw unusable(folder, cause, `${name} in it is not JSON: `);
      }
    },
    async writeJson(name, value) {
      const temporary = join(folder, `${name}.new`);
      await writeFile(temporary, `${JSON.stringify(value)}\n`).catch((cause: unknown) => {
        throw unusable(folder, cause);
      });
      await rename(temporary, join(folder, name));
    },
    async close() {
      await lock.close();
      if (path === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A lock that the operating system takes back when its process dies, however it dies: an open LevelDB, since Node
 * has no file locks of its own.
 */
async function lockFolder(folder: string): Promise<ClassicLevel> {
  const lock = new ClassicLevel(join(folder, 'lock'));
  try {
    await lock.open();
    return lock;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.cause : undefined;
    if ((reason as { code?: unknown } | undefined)?.code !== 'LEVEL_LOCKED') throw unusable(folder, reason ?? cause);
    throw inUse(folder, cause);
  }
}

function inUse(folder: string, cause: unknown): FeedError {
  const message = `the state folder ${folder} is in use by another process; stop that one, or name another folder with --state`;
  return new FeedError('local.state_in_use', message, { folder }, { cause });
}

function unusable(folder: string, cause: unknown, prefix = ''): FeedError {
  const reason = prefix + (cause instanceof Error ? cause.message : String(cause));
  const message = `the state folder ${folder} cannot be used (${reason}); name another one with --state`;
  return new FeedError('local.state_unusable', message, { folder }, { cause });
}
