import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Every page that people read, by its path in the project. Templates of issues and changes are pages as well. */
export const docPages: readonly string[] = [
  ...markdownIn('.', false),
  ...markdownIn('.github', true),
  ...markdownIn('docs', true),
  ...markdownIn('examples', true),
].toSorted();

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function markdownIn(folder: string, recursive: boolean): readonly string[] {
  return readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));
}
