import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { FeedError } from '../src/model/feed-error.ts';
import { unusableFolder } from './unusable-folder.ts';

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

/** How the folder is laid out; one without the file is as old as the first of them. Raised by what older versions cannot read. */
const newestLayout = 1;
const layoutFile = 'layout.json';

/**
 * Opens a state folder, or a temporary one where no path is given.
 * @throws local.state_in_use where another process has it open, local.state_unusable where it cannot be written,
 * or was written by a newer version
 */
export async function openStateFolder(path: string | undefined): Promise<StateFolder> {
  const folder = path ?? (await mkdtemp(join(tmpdir(), 'user-change-feed-')));
  // It holds what vendors tell of people: nobody else on this machine gets to read it.
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw unusableFolder(folder, cause);
  });
  const lock = await lockFolder(folder);
  const files = openFiles(folder);
  await checkLayout(files).catch(async (error: unknown) => {
    await lock.close();
    throw error;
  });
  return {
    ...files,
    async close() {
      await lock.close();
      if (path === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function openFiles(folder: string): Omit<StateFolder, 'close'> {
  return {
    path: folder,
    async readJson(name) {
      const text = await readFile(join(folder, name), 'utf8').catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return undefined;
        throw unusableFolder(folder, cause);
      });
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw unusableFolder(folder, cause, `${name} in it is not JSON: `);
      }
    },
    async writeJson(name, value) {
      const temporary = join(folder, `${name}.new`);
      await writeFile(temporary, `${JSON.stringify(value)}\n`).catch((cause: unknown) => {
        throw unusableFolder(folder, cause);
      });
      await rename(temporary, join(folder, name));
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
    if ((reason as { code?: unknown } | undefined)?.code !== 'LEVEL_LOCKED')
      throw unusableFolder(folder, reason ?? cause);
    throw inUse(folder, cause);
  }
}

function inUse(folder: string, cause: unknown): FeedError {
  const message = `the state folder ${folder} is in use by another process; stop that one, or name another folder with --state`;
  return new FeedError('local.state_in_use', message, { folder }, { cause });
}

/** @throws local.state_unusable for a folder whose layout this version does not know: it would take what it cannot read for nothing */
async function checkLayout({ path, readJson, writeJson }: Omit<StateFolder, 'close'>): Promise<void> {
  const found = await readJson(layoutFile);
  if (found === undefined) return writeJson(layoutFile, { layout: newestLayout });
  const { layout } = Object(found) as { readonly layout?: unknown };
  if (typeof layout === 'number' && layout <= newestLayout) return;
  const message = `the state folder ${path} was written by a newer version (layout ${JSON.stringify(layout)}, this one knows ${newestLayout}); use that version, or name another folder with --state`;
  throw new FeedError('local.state_unusable', message, { folder: path });
}
