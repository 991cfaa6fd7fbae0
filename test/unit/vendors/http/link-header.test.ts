import { describe, expect, it } from 'vitest';
import { readLinks } from '../../../../src/vendors/http/link-header.ts';

const linksIn = (header: string) => Object.fromEntries(readLinks(header));

describe('readLinks', () => {
  it.each([
    [
      '<https://a.example/users?page=2>; rel="next", </users?page=9>; rel="last"',
      { next: 'https://a.example/users?page=2', last: '/users?page=9' },
    ],
    ['</a,b;c>; title="x; rel=y"; rel=next', { next: '/a,b;c' }],
    ['</a>;REL=NEXT;foo', { next: '/a' }],
    ['</a>; rel="next last"', { next: '/a', last: '/a' }],
    ['</a>; rel=next, </b>; rel=next', { next: '/a' }],
    ['</a>; title="next", </b>; rel=', {}],
    ['nonsense', {}],
    ['', {}],
  ])('reads %s', (header, links) => {
    expect(linksIn(header)).toStrictEqual(links);
  });

  it('reads a long header in no time to speak of', () => {
    expect(linksIn(`${'<'.repeat(8000)}${'; rel'.repeat(2000)}`)).toStrictEqual({});
  });
});
