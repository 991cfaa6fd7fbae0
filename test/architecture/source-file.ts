import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the project: its path from the root, with forward slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

const root = join(import.meta.dirname, '../..');

/** Every TypeScript and JavaScript file of some folders, fixtures aside. Folders that are not there hold none. */
export function readSourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((path) => /\.(m?[jt]s|tsx)$/.test(path) && !path.startsWith('test/fixtures/'))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  });
}

/** The code of a file without its comments, which may speak of anything. */
export function codeOf({ text }: SourceFile): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}
