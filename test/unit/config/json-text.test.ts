import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from '../../../src/config/json-text.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('scanJson', () => {
  it.each([
    ['', 1, 1, 'but the file ends'],
    ['{"a": 1,\n "b": 2,\n}', 3, 1, 'a comma stands before "}"'],
    ['{"a": [1, ]}', 1, 11, 'a comma stands before "]"'],
    ['{\r\n  // why\r\n  "a": 1}', 2, 3, 'a comment stands here'],
    ['{"a": 1 /* why */}', 1, 9, 'a comment stands here'],
    ['{"a": 1\n"b": 2}', 2, 1, 'expected "," or "}", found a text'],
    ['{"a" 1}', 1, 6, 'expected ":", found a word or sign'],
    ['{a: 1}', 1, 2, 'expected a key in double quotes, found a word or sign'],
    ["{'a': 1}", 1, 2, 'single quote'],
    ['{"a": "b\nc"}', 1, 7, 'it has no end or holds what JSON wants escaped'],
    ['{"a": "\\x"}', 1, 7, 'it has no end or holds what JSON wants escaped'],
    ['{"a": 01}', 1, 8, 'expected "," or "}"'],
    ['{"a": {"b": 1}', 1, 15, 'expected "," or "}", but the file ends'],
    ['{} {}', 1, 4, 'expected the end of the file, found "{"'],
    ['[1;2]', 1, 3, 'expected "," or "]", found ";"'],
  ])('names the place where %j stops being JSON', (text, line, column, reason) => {
    const { broken } = scanJson(text);

    expect(broken).toMatchObject({ line, column });
    expect(broken?.reason).toContain(reason);
    expect(isJson(text)).toBe(false);
  });

  it('names every key that stands twice in one object, however it is escaped', () => {
    const text = '{"a": 1,\n "\\u0061": 2,\n "b": {"a": 1},\n "c": [{"x": 1, "x": 2}, {"x": 3}]}';

    const { broken, repeatedKeys } = scanJson(text);

    expect(broken).toBeUndefined();
    expect(repeatedKeys.map(({ line, column }) => [line, column])).toStrictEqual([
      [2, 2],
      [4, 17],
    ]);
  });

  it('refuses nesting deeper than 64 instead of running out of stack', () => {
    const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

    expect(scanJson(nest(64)).broken).toBeUndefined();
    expect(scanJson(nest(65)).broken?.reason).toContain('nested more than 64 deep');
    expect(scanJson(nest(1_000_000)).broken?.reason).toContain('nested more than 64 deep');
  });

  it('reads a text of ten million characters', () => {
    expect(scanJson(JSON.stringify('x'.repeat(10_000_000))).broken).toBeUndefined();
  });

  it('agrees with JSON.parse on every JSON value', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => scanJson(text).broken === undefined));
  });

  it('agrees with JSON.parse on JSON that one edit may have broken', () => {
    const edits = fc.constantFrom(
      '',
      ',',
      '"',
      '}',
      ']',
      '{',
      '[',
      ':',
      '\\',
      '0',
      '-',
      '.',
      'e',
      '/',
      ' ',
      '\n',
      '\u0001',
      '\u00a0',
      '\ufeff',
      'null',
    );
    const broken = fc.tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(2), edits).map(([text, at, cut, edit]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + edit + text.slice(place + cut);
    });

    fc.assert(
      fc.property(broken, (text) => (scanJson(text).broken === undefined) === isJson(text)),
      { numRuns: 5000 },
    );
  });
});
