import { basename } from 'node:path';
import { codeOf, type SourceFile } from './source-file.ts';

/** Words that name nothing, or that this project says differently. See the glossary. */
const bannedWords = new Set(
  'manager helper helpers util utils common misc data info process do handle provider sync job'.split(' '),
);

/** Words that make a test's name true whatever the code does. */
const vagueWords = /\b(should|correctly|properly|works|handles)\b/i;

/** File and export names of a file that hold a banned word, or look like `IThing`, `ThingImpl` or `ThingV2`. */
export function bannedNames(file: SourceFile): readonly string[] {
  const names = [basename(file.path).replace(/\..*/, ''), ...exportsOf(file)];
  return names.filter(isBanned).map((name) => `${file.path} names something ${name}`);
}

function isBanned(name: string): boolean {
  const words = name.split(/[-_]|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
  return words.some((word) => bannedWords.has(word)) || /^I[A-Z][a-z]|Impl$|V\d+$/.test(name);
}

function exportsOf(file: SourceFile): readonly string[] {
  const declared = codeOf(file).matchAll(
    /^export\s+(?:default\s+)?(?:declare\s+)?(?:async\s+)?(?:const|let|function\*?|class|type|interface|enum)\s+([\w$]+)/gm,
  );
  const listed = codeOf(file).matchAll(/^export\s+(?:type\s+)?\{([^}]*)\}/gm);
  const published = Array.from(listed, ([, list]) => list?.split(',') ?? []).flat();
  return [
    ...Array.from(declared, ([, name]) => name ?? ''),
    ...published.map((part) => part.trim().split(/\s+/).at(-1) ?? ''),
  ];
}

/** Names of tests and suites in a file that could not be false. */
export function vagueTestNames(file: SourceFile): readonly string[] {
  const named = codeOf(file).matchAll(
    /(?:\b(?:it|test|describe)(?:\.\w+)*|[\]`}]\s*\))\(\s*(['"`])((?:(?!\1)[\s\S])*)\1/g,
  );
  return Array.from(named, ([, , name]) => name ?? '')
    .filter((name) => vagueWords.test(name))
    .map((name) => `${file.path}: ${name}`);
}

/** A file that has outgrown its limit: 250 lines, or 300 for a test. */
export function overlongFiles(file: SourceFile): readonly string[] {
  const limit = file.path.startsWith('test/') ? 300 : 250;
  const lineCount = file.text.trimEnd().split('\n').length;
  return lineCount > limit ? [`${file.path} has ${lineCount} lines, more than ${limit}`] : [];
}
