import { describe, expect, it } from 'vitest';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { feedEventSchema } from '../../src/events/feed-event.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { type CodeBlock, codeBlocks } from './code-blocks.ts';
import { docPages, textOf } from './doc-pages.ts';
import { shownOutput } from './shown-output.ts';

const blocks = docPages.flatMap((page) => codeBlocks(page, textOf(page)));
const titleOf = ({ page, line }: CodeBlock) => `${page}:${line}`;
const named = (language: string) =>
  blocks.filter((block) => block.language === language).map((block) => [titleOf(block), block] as const);

/** The test that covers a block, by its language. */
const covering: Readonly<Record<string, string>> = {
  sh: 'test/docs/commands.test.ts',
  ts: 'test/docs/ts-blocks.test.ts',
  json: 'test/docs/blocks.test.ts',
  text: 'test/docs/walkthrough.test.ts',
};

/** Blocks that no test compares with anything, and why. */
const uncovered: Readonly<Record<string, string>> = {
  'README.md: vendor’s list': 'a drawing of the parts: nothing prints it',
};
function isNamedBy(key: string, { page, code }: CodeBlock): boolean {
  const [where, words = ''] = key.split(': ');
  return where === page && code.replaceAll("'", '’').includes(words);
}
const isUncovered = (block: CodeBlock) => Object.keys(uncovered).some((key) => isNamedBy(key, block));

describe('every block of the documentation', () => {
  it('is looked for where there are some', () => {
    expect(blocks.length).toBeGreaterThan(60);
  });

  it('has a language that a test covers', () => {
    const strangers = blocks.filter((block) => !(block.language in covering) && !isUncovered(block));

    expect(strangers.map((block) => `${titleOf(block)} ${block.language}`)).toStrictEqual([]);
  });

  it('is left out for a reason only where it is still there', () => {
    const stale = Object.keys(uncovered).filter((key) => !blocks.some((block) => isNamedBy(key, block)));

    expect(stale).toStrictEqual([]);
  });

  it('is compared with real output where it shows some, or says why not', () => {
    const texts = blocks.filter(({ language }) => language === 'text');
    const loose = texts.filter((block) => !isUncovered(block) && !shownOutput.some(({ shows }) => shows(block)));

    expect(loose.map(titleOf)).toStrictEqual([]);
  });
});

describe('a block of JSON', () => {
  it.each(named('json'))('%s parses', (_, { code }) => {
    expect(() => JSON.parse(code) as unknown).not.toThrow();
  });

  const isOf = (key: string) => named('json').filter(([, { code }]) => Object.hasOwn(JSON.parse(code) as object, key));

  it.each(isOf('connections'))('%s is a connection file that is accepted', (_, { page, code }) => {
    const runtime = code.includes('"ssm"') ? 'deployed' : 'embedded';
    const { connections } = parseConnectionFile(code, { vendors, runtime, fileName: page });

    expect(connections.length).toBeGreaterThan(0);
  });

  it.each(isOf('detail-type'))('%s is an event that keeps its schema', (_, { code }) => {
    const { detail, 'detail-type': type } = JSON.parse(code) as { 'detail-type': string; detail: object };

    expect(feedEventSchema.safeParse({ type, ...detail }).error).toBeUndefined();
  });

  it('is looked for where there are some', () => {
    expect(isOf('connections').length).toBeGreaterThan(1);
    expect(isOf('detail-type').length).toBeGreaterThan(0);
  });
});

describe(codeBlocks, () => {
  it('tells of a block that is never closed', () => {
    expect(() => codeBlocks('a.md', 'text\n```sh\nnpm test\n')).toThrow('a.md:2');
  });

  it('takes the inner fences of a longer one for its text', () => {
    expect(codeBlocks('a.md', '````text\n```sh\na\n```\n````\n')).toStrictEqual([
      { page: 'a.md', line: 2, language: 'text', code: '```sh\na\n```\n' },
    ]);
  });
});
