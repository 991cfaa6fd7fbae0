import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, textOf } from './doc-pages.ts';

const page = textOf('docs/security.md');
const head = '| threat | what stands against it | shown by |';
/** Rows of the tables of threats: the lines after head and rule. */
const rows = page
  .split('\n\n')
  .filter((block) => block.startsWith(head))
  .flatMap((block) => block.trim().split('\n').slice(2))
  .map((line) => line.slice(2, -2).split(' | '));
const testsOf = (cell: string) =>
  Array.from(
    cell.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+\.ts)\)/g),
    ([, title = '', path = '']) => [title, path] as const,
  );
const securityTests = readdirSync(join(root, 'test/security'))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/security/${name}`);
/** As a title may stand in a test file: quotes within it are escaped, or are others. */
const plain = (text: string) => text.replaceAll(/\\(['"])/g, '$1');
const isIn = (title: string, path: string) => plain(textOf(path)).includes(title);

describe('docs/security.md', () => {
  it('has a table of threats, each with what stands against it', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((cells) => cells.length !== 3 || cells.some((cell) => cell.trim() === ''))).toStrictEqual([]);
  });

  it.each(rows.map(([threat = '', , shown = '']) => [threat, shown] as const))('shows by a test: %s', (_, shown) => {
    const tests = testsOf(shown);

    expect(tests.length).toBeGreaterThan(0);
    for (const [title, path] of tests) expect(isIn(title, path), `${path}: ${title}`).toBe(true);
  });

  it('names every file of tests that are about security alone', () => {
    const named = new Set(rows.flatMap(([, , shown = '']) => testsOf(shown).map(([, path]) => path)));

    expect(securityTests.filter((path) => !named.has(path))).toStrictEqual([]);
    expect(securityTests.length).toBeGreaterThan(8);
  });

  it('would be told a test that is not there', () => {
    expect(isIn('lets everybody in', 'test/security/local-doors.test.ts')).toBe(false);
    expect(testsOf('[a](../test/b.test.ts), [c](d.md)')).toStrictEqual([['a', 'test/b.test.ts']]);
  });
});
