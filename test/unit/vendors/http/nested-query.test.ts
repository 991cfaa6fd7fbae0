import { describe, expect, it } from 'vitest';
import { writeNestedQuery } from '../../../../src/vendors/http/nested-query.ts';

describe('writeNestedQuery', () => {
  it.each([
    ['plain values', { a: 'x y', b: 2, c: false }, 'a=x y&b=2&c=false'],
    ['objects', { a: { b: 'c', d: { e: 1 } } }, 'a[b]=c&a[d][e]=1'],
    ['lists of plain values', { a: ['b', 2] }, 'a[]=b&a[]=2'],
    [
      'lists of objects, so that their fields stay together',
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
      'a[0][b]=1&a[0][c]=2&a[1][b]=3',
    ],
    ['lists of both', { a: ['b', { c: 1 }] }, 'a[0]=b&a[1][c]=1'],
    ['nothing for null and for what is empty', { a: null, b: [], c: {}, d: { e: null } }, ''],
  ])('writes %s', (_what, parameters, query) => {
    expect(
      writeNestedQuery(parameters)
        .map((pair) => pair.join('='))
        .join('&'),
    ).toBe(query);
  });
});
