import { describe, expect, it } from 'vitest';
import { countRepeatedRows, idsOfRows, markOverlap } from '../../../../src/vendors/http/page-overlap.ts';

const letters = (text: string) => [...text];

describe('markOverlap', () => {
  it.each([
    ['abcdefghijkl', 12, 'hijkl', 0],
    ['abcdef', 12, 'def', 6],
    ['abc', 3, 'c', 0],
    ['a', 3, '', 2],
    ['', 3, '', 3],
    ['abcd', 3, 'cd', 0],
  ])('of the page %s, of which %i were asked for, ends with %s and is short by %i', (ids, asked, tail, shortBy) => {
    expect(markOverlap(letters(ids), asked)).toStrictEqual({ tail: letters(tail), shortBy });
  });
});

describe('countRepeatedRows', () => {
  it.each([
    ['cdefg', 'cd', 0, 2],
    ['abcdefg', 'cd', 2, 4],
    ['abcdefg', 'cd', 1, 'moved'],
    ['defgh', 'cd', 5, 'moved'],
    ['dcefg', 'cd', 0, 'moved'],
    ['abcd', 'cd', 0, 'stuck'],
    ['cd', 'cd', 0, 2],
    ['', 'cd', 9, 'moved'],
    ['abc', '', 0, 0],
    ['', '', 3, 0],
  ])('of the page %s after one that ended with %s, short by %i, are %s', (ids, tail, shortBy, expected) => {
    expect(countRepeatedRows(letters(ids), { tail: letters(tail), shortBy })).toBe(expected);
  });
});

describe('idsOfRows', () => {
  it('keeps a place for rows without an id', () => {
    expect(idsOfRows([{ id: 'a' }, { id: 7 }, {}, null, 'text', { id: null }])).toStrictEqual([
      'a',
      '7',
      '',
      '',
      '',
      '',
    ]);
  });
});
