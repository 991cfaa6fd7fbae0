import { describe, expect, it } from 'vitest';
import type { TrapName } from '../../local/simulators/trap-settings.ts';
import { denialsOn } from './vendor/denials.ts';
import { pagesBefore, type ShownPage } from './vendor/walk-watch.ts';

const page = (query: string, ...served: readonly string[]): ShownPage => ({
  query,
  served: new Set(served),
  denials: new Set(),
});
const fired =
  (...traps: readonly TrapName[]) =>
  (trap: TrapName) =>
    traps.includes(trap);

describe(denialsOn, () => {
  it('counts a list that has moved where the page before left a mark', () => {
    const pages = [page('?first=0&max=6', 'a', 'b'), page('?first=4&max=6', 'x'), page('?first=1&max=6')];

    expect(denialsOn(page('?first=1&max=6'), { pages }, fired('ignoreFirst', 'renameWhileListing'))).toStrictEqual([
      'ignoreFirst',
      'renameWhileListing',
    ]);
  });

  it('counts none where that had one user, whatever was fetched ahead of it', () => {
    const pages = [page('?first=0&max=6', 'a', 'b'), page('?first=1&max=6', 'c'), page('?first=4&max=6', 'd', 'e')];

    expect(denialsOn(page('?first=2&max=6'), { pages }, fired('ignoreFirst'))).toStrictEqual([]);
  });

  it.each(['isPartialResponse', 'pageIgnored'] as const)('counts %s on any page', (trap) => {
    const pages = [page('?page=1', 'a')];

    expect(denialsOn(page('?page=2'), { pages }, fired(trap))).toStrictEqual([trap]);
  });

  it('counts nothing that has not fired, or cannot be noticed', () => {
    expect(denialsOn(page(''), { pages: [] }, fired('capPageSize'))).toStrictEqual([]);
  });
});

describe(pagesBefore, () => {
  it.each([
    ['?page=3&sort=asc', ['?page=1&sort=asc', '?page=5&sort=asc', '?page=3&sort=asc', '?page=2&sort=asc'], [0, 3]],
    ['?first=8', ['?first=0', '?first=16', '?first=4'], [0, 2]],
    ['?cursor=c', ['?', '?cursor=b', '?cursor=c', '?cursor=d'], [0, 1]],
    ['?cursor=d', ['?', '?cursor=b', '?cursor=c'], [0, 1, 2]],
    ['?created_at_from=2&page=1', ['?page=1', '?created_at_from=1&page=1', '?created_at_from=2&page=1'], [0, 1]],
  ] as const)('leaves out what was fetched ahead of the list that goes on with %s', (query, queries, kept) => {
    const pages = queries.map((one) => page(one));

    expect(pagesBefore(pages, query)).toStrictEqual(kept.map((at) => pages[at]));
  });
});
