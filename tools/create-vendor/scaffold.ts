import { readFileSync } from 'node:fs';
import { type Insertion, insertions } from './insertions.ts';

/** A file to be written, by its path in the project. */
export type ScaffoldedFile = { readonly path: string; readonly text: string };

/** New files from templates: where each goes. */
const templates: Readonly<Record<string, string>> = {
  'wire.ts.txt': 'src/vendors/$name$/wire.ts',
  'to-user.ts.txt': 'src/vendors/$name$/to-user.ts',
  'vendor.ts.txt': 'src/vendors/$name$/vendor.ts',
  'simulated.ts.txt': 'local/simulators/$name$/simulated-$name$.ts',
  'every-field.json.txt': 'test/fixtures/vendors/$name$/every-field.json',
};

/** All files of a new vendor: new ones, and those that get a line. @throws where a file has no place for its line */
export function scaffold(name: string, readText: (path: string) => string): readonly ScaffoldedFile[] {
  const named = (text: string) => text.replaceAll('$name$', name).replaceAll('$Name$', capitalise(name));
  const fresh = Object.entries(templates).map(([template, path]) => ({
    path: named(path),
    text: named(readFileSync(new URL(`templates/${template}`, import.meta.url), 'utf8')),
  }));
  const changed = new Map<string, string>();
  for (const insertion of insertions) {
    const { path } = insertion;
    changed.set(path, insert(changed.get(path) ?? readText(path), { ...insertion, text: named(insertion.text) }));
  }
  return [...fresh, ...Array.from(changed, ([path, text]) => ({ path, text }))];
}

function insert(into: string, { path, before, isLast, text }: Insertion): string {
  const at = isLast ? into.lastIndexOf(before) : into.indexOf(before);
  if (at < 0)
    throw new Error(`${path}: found no "${before.trim()}" to write a line before; write it by hand: ${text.trim()}`);
  return into.slice(0, at) + text + into.slice(at);
}

function capitalise(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
