import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/**
 * Opens an address in the usual browser, by way of a file that only its owner may read: what a command is given as an
 * argument, everybody on the machine can see.
 */
export async function openInBrowser(url: string): Promise<void> {
  const file = join(await mkdtemp(join(tmpdir(), 'ucf-console-')), 'open.html');
  const page = `<!doctype html><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}">`;
  await writeFile(file, `${page}\n`, { mode: 0o600 });
  const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
  const opener = spawn(command, [...words, pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  await once(opener, 'spawn');
  opener.unref();
}
