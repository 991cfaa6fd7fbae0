import { describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { textOf } from './doc-pages.ts';
import { shellCommands } from './shell-commands.ts';

const page = textOf('docs/operating.md');
const chapter = page.split('\n## ').find((part) => part.startsWith('Recovery drills\n')) ?? '';
const drills = chapter.split('\n### ').slice(1);
const titleOf = (drill: string) => drill.slice(0, drill.indexOf('\n'));
const parts = ['How you notice', 'What to do', 'What consumers see', 'Shown by'];

/** The tests that a drill names, by title and file. */
function testsOf(drill: string): readonly (readonly [title: string, path: string])[] {
  const links = drill.replaceAll('\n', ' ').matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+\.test\.ts)\)/g);
  return Array.from(links, ([, title = '', path = '']) => [title, path]);
}

/** The words that make a command of `ucf` what it is: its name and its options, without what they are given. */
function essenceOf(words: readonly string[]): readonly string[] {
  const own = words.slice(words.indexOf('ucf') + 1);
  return [own[0] ?? '', ...own.filter((word) => word.startsWith('--') && !['--stack', '--state'].includes(word))];
}

describe('a recovery drill', () => {
  it('is there for everything that can be lost', () => {
    expect(drills.map(titleOf)).toStrictEqual([
      'Index shards are lost',
      'Entries are lost',
      'The table is from an earlier point in time',
      'The bus was deleted',
      'The stream expired before it was published',
    ]);
  });

  it.each(drills.map((drill) => [titleOf(drill), drill] as const))('says all that one needs: %s', (_, drill) => {
    expect(parts.filter((part) => !new RegExp(`\\*\\*${part}\\.?\\*\\*`).test(drill))).toStrictEqual([]);
  });

  it.each(drills.map((drill) => [titleOf(drill), drill] as const))('is what a test does: %s', (_, drill) => {
    const tests = testsOf(drill);
    const texts = tests.map(([, path]) => textOf(path));
    const commands = codeBlocks('', drill)
      .flatMap(({ code }) => shellCommands(code))
      .map(({ words }) => words)
      .filter((words) => words.includes('ucf'));

    expect(tests.length).toBeGreaterThan(0);
    for (const [title, path] of tests) expect(textOf(path), path).toContain(title);
    expect(commands.length).toBeGreaterThan(0);
    for (const words of commands)
      for (const word of essenceOf(words))
        expect(
          texts.some((text) => text.includes(`'${word}'`)),
          word,
        ).toBe(true);
  });

  it('would be told a command that its test does not give', () => {
    expect(essenceOf('ucf redrive --all --stack user-change-feed'.split(' '))).toStrictEqual(['redrive', '--all']);
    expect(testsOf('**Shown by.** [a\nb](../test/c.test.ts)')).toStrictEqual([['a b', 'test/c.test.ts']]);
  });
});
