import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPage, type PageFile } from './build-page.ts';

/** A file with its type, ready to be served. */
export type ServedFile = { readonly type: string; readonly text: string };

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

const shell: ServedFile = {
  type: 'text/html; charset=utf-8',
  text: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>User change feed</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/page.css">
<script type="module" src="/assets/page.js"></script>
</head>
<body><div id="page"></div><noscript>The console needs JavaScript; ucf connections list shows the same.</noscript></body>
</html>
`,
};

/** The files of the page: those of the package, or in a checkout what is built when somebody first asks. */
export function createPageFiles(
  folder = join(import.meta.dirname, '..', 'page'),
): (path: string) => Promise<ServedFile | undefined> {
  let reading: Promise<ReadonlyMap<string, ServedFile>> | undefined;
  return async (path) => {
    const name = /^\/assets\/([\w.-]+)$/.exec(path)?.[1];
    // Every other path is a view of the page, which reads it from the address.
    if (name === undefined) return path.startsWith('/assets/') ? undefined : shell;
    reading ??= readPage(folder);
    return (await reading).get(name);
  };
}

async function readPage(folder: string): Promise<ReadonlyMap<string, ServedFile>> {
  const built = join(folder, 'built');
  const files = existsSync(built) ? await readBuilt(built) : await buildPage(folder);
  return new Map(
    files.map(({ name, text }) => [name, { type: types[name.replace(/^.*\./, '')] ?? 'text/plain', text }]),
  );
}

async function readBuilt(folder: string): Promise<readonly PageFile[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}
