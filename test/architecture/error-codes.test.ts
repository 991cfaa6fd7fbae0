import { describe, expect, it } from 'vitest';
import { dispositions } from '../../src/model/feed-error.ts';
import { readSourceFiles } from './source-file.ts';

/** The codes that a text declares a context for, `'store.conflict': { … }`, and that have no disposition. */
function codesWithoutDisposition(text: string): readonly string[] {
  const declared = text.slice(text.indexOf('type FeedErrorContexts'), text.indexOf('type FeedErrorCode'));
  const codes = Array.from(declared.matchAll(/^ {2}'([\w.]+)':/gm), ([, code]) => code ?? '');
  if (codes.length === 0) return ['no code was found at all'];
  return codes.filter((code) => !Object.hasOwn(dispositions, code));
}

describe('dispositions', () => {
  it('has one for every error code', () => {
    const text = readSourceFiles('src/model').find(({ path }) => path === 'src/model/feed-error.ts')?.text ?? '';

    expect(codesWithoutDisposition(text)).toStrictEqual([]);
  });

  it('misses one for a planted code', () => {
    const text =
      "type FeedErrorContexts = {\n  'store.conflict': {};\n  'store.on_fire': {};\n};\ntype FeedErrorCode = 1;";

    expect(codesWithoutDisposition(text)).toStrictEqual(['store.on_fire']);
  });
});
