import { describe, expect, it } from 'vitest';
import { cursor } from '../../../../src/model/ids.ts';
import { answerJson } from '../../../support/vendor-server.ts';
import { failureOf } from '../vendor-io.ts';
import { answerRows, endLink, idsOf, nextLink, optionsOf, people, useDelay, vetoesOf } from './delay-under-test.ts';

const tested = useDelay();
const byPage = { paging: 'pages' };

describe('delay.fetchPage by page number, without a Link header', () => {
  it('ends at a page that is not full', async () => {
    tested.server.play(answerRows(people(1, 2)), answerRows(people(3)));

    const pages = await tested.walk(byPage);

    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3']);
    expect(tested.asked('page', 'page_size')).toStrictEqual(['1 2', '2 2']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it.each([0, 1])('ends after a single page of %i', async (count) => {
    tested.server.play(answerRows(people(1).slice(0, count)));

    expect(await tested.walk(byPage)).toMatchObject([{ next: null, evidence: {} }]);
  });

  it('asks once more after a last page that is full', async () => {
    tested.server.play(answerRows(people(1, 2)), answerRows(people(3, 4)), answerRows([]));

    const pages = await tested.walk(byPage);

    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3 u4', '']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it('takes a page longer than asked for as all there is', async () => {
    tested.server.play(answerRows(people(1, 2, 3)));

    expect(await tested.walk(byPage)).toMatchObject([{ next: null, evidence: {} }]);
  });

  it.each([
    ['shorter', 7, people(1, 2, 3, 4, 5)],
    ['longer', 2, people(1, 2, 3, 4, 5)],
  ])('asks once more where a %s first page could be of the size the server keeps', async (_what, pageSize, first) => {
    tested.server.play(answerRows(first), answerRows(people(6, 7, 8, 9, 10)), answerRows(people(11)));

    const pages = await tested.walk({ ...byPage, pageSize });

    expect(pages.flatMap(({ users }) => users)).toHaveLength(11);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it('takes a list without pages for a single one, and proves nothing by it where it is as long as asked for', async () => {
    tested.server.play(answerRows(people(1, 2)), answerRows(people(2, 1)));
    const asLong = await tested.walk(byPage);
    tested.server.play(answerRows(people(1, 2, 3, 4, 5)), answerRows(people(1, 2, 3, 4, 5)));
    const longer = await tested.walk(byPage);

    expect([asLong.length, asLong.at(-1)?.next, vetoesOf(asLong)]).toStrictEqual([
      2,
      null,
      ['sort_ignored', 'page_repeated'],
    ]);
    expect([longer.length, longer.at(-1)?.next, vetoesOf(longer)]).toStrictEqual([2, null, []]);
  });

  it('ends with a veto where a later page comes again', async () => {
    for (const [pageSize, size] of [
      [2, 2],
      [7, 5],
    ] as const) {
      const [first, second] = [people(1, 2, 3, 4, 5).slice(0, size), people(6, 7, 8, 9, 10).slice(0, size)];
      tested.server.play(answerRows(first), answerRows(second), answerRows(second));

      const pages = await tested.walk({ ...byPage, pageSize });

      expect([pages.at(-1)?.next, vetoesOf(pages)]).toStrictEqual([null, ['page_repeated']]);
    }
  });

  it('goes on where a page shares some users with the one before', async () => {
    tested.server.play(answerRows(people(1, 2)), answerRows(people(2, 3)), answerRows([]));

    expect(idsOf(await tested.walk(byPage))).toStrictEqual(['u1 u2', 'u2 u3', '']);
  });

  it('walks a list that is not in the order asked for, with a veto', async () => {
    tested.server.play(answerRows(people(2, 1)), answerRows(people(3)));

    expect(vetoesOf(await tested.walk(byPage))).toStrictEqual(['sort_ignored']);
  });

  it.each([
    ['fits in one page', [people(3, 1, 2)], { pageSize: 7 }],
    ['is sorted as the operator says', [people(2, 1), []], { sortBy: 'name' }],
  ])('needs no order of creation in a list that %s', async (_what, answers, options) => {
    tested.server.play(...answers.map((list) => answerRows(list)));

    expect(vetoesOf(await tested.walk({ ...byPage, ...options }))).toStrictEqual([]);
  });

  it.each([400, 422])('lists without an order, with a veto, where a %i refuses it', async (status) => {
    const refusal = answerJson({ message: 'unknown sort_by' }, { status });
    tested.server.play(refusal, answerRows(people(1, 2)), answerRows(people(3)));

    const pages = await tested.walk();

    expect(tested.asked('page', 'sort_by')).toStrictEqual(['1 created_at', '1 -', '2 -']);
    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3']);
    expect(pages.map(({ evidence }) => evidence.vetoes)).toStrictEqual([['sort_refused'], ['sort_refused']]);
  });

  it.each([
    ['an order of the operator', { sortBy: 'name' }, 1],
    ['anything else', {}, 2],
  ])('reports a refusal of %s', async (_what, options, requests) => {
    const refusal = answerJson({ message: 'no' }, { status: 400 });
    tested.server.play(...Array.from({ length: requests }, () => refusal));

    const error = await failureOf(tested.fetchPage({ options: optionsOf(options) }));

    expect(error.code).toBe('vendor.rejected_request');
    expect(error.message).toMatch(/answered 400: \{"message":"no"\}; check the options of the connection$/);
  });
});

describe('delay.fetchPage by page number, with a Link header', () => {
  it('ends where no next page is linked, and not before', async () => {
    tested.server.play(
      answerRows(people(1, 2), nextLink(2, 3)),
      answerRows(people(3, 4), nextLink(3, 3)),
      answerRows(people(5, 6), endLink),
    );

    const pages = await tested.walk(byPage);

    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3 u4', 'u5 u6']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it.each([
    ['is short', people(2)],
    ['is empty', []],
  ])('goes on after a page that %s and links the next one', async (_what, second) => {
    tested.server.play(answerRows(people(1), nextLink(2)), answerRows(second, nextLink(3)), answerRows(people(3)));

    const pages = await tested.walk(byPage);

    expect(tested.asked('page')).toStrictEqual(['1', '2', '3']);
    expect(vetoesOf(pages)).toStrictEqual(second.length === 0 ? ['page_empty'] : []);
  });

  it('takes the header for the end even of a full page without one, once it was seen', async () => {
    tested.server.play(answerRows(people(1, 2), nextLink(2)), answerRows(people(3, 4)));

    expect(idsOf(await tested.walk(byPage))).toStrictEqual(['u1 u2', 'u3 u4']);
  });

  it('reads links that are spread over two headers', async () => {
    const [next = '', last = ''] = nextLink(2, 2).split(', ');
    tested.server.play(
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', link: [next, last] })
          .end(JSON.stringify(people(1, 2))),
      answerRows(people(3)),
    );

    expect(idsOf(await tested.walk(byPage))).toStrictEqual(['u1 u2', 'u3']);
  });

  it('takes nothing but the number from a link to another host', async () => {
    tested.server.play(answerRows(people(1, 2), nextLink(7, 7, 'https://elsewhere.example')), answerRows(people(3)));

    await tested.walk(byPage);

    expect(tested.server.received.map(({ path }) => path)).toStrictEqual(['/admin/v1/users', '/admin/v1/users']);
    expect(tested.asked('page')).toStrictEqual(['1', '7']);
  });

  it.each(['</users>', '<nowhere?page=soon>', '<http://[>'])('counts on where the link is %s', async (target) => {
    tested.server.play(answerRows(people(1, 2), `${target}; rel=next`), answerRows(people(3)));

    await tested.walk(byPage);

    expect(tested.asked('page')).toStrictEqual(['1', '2']);
  });

  it.each([
    ['itself', nextLink(2)],
    ['an earlier one', nextLink(1)],
  ])('keeps a page that names %s as the next one, and asks no further', async (_what, link) => {
    tested.server.play(answerRows(people(1, 2), nextLink(2)), answerRows(people(3, 4), link));
    const options = optionsOf(byPage);
    const first = await tested.fetchPage({ options });
    const second = await tested.fetchPage({ options, cursor: cursor(String(first.next)) });

    const error = await failureOf(tested.fetchPage({ options, cursor: cursor(String(second.next)) }));

    expect(second.users).toHaveLength(2);
    expect(error.code).toBe('vendor.cursor_repeated');
  });

  it('ends with a veto where linked pages are all the same', async () => {
    tested.server.play(answerRows(people(1, 2, 3), nextLink(2, 9)), answerRows(people(1, 2, 3), nextLink(3, 9)));

    const pages = await tested.walk(byPage);

    expect(pages.at(-1)?.next).toBeNull();
    expect(vetoesOf(pages)).toContain('page_repeated');
  });

  it.each([
    ['too few', people(3), nextLink(2, 4), ['last_page_contradicted']],
    ['just enough', people(3), nextLink(2, 2), []],
    ['exactly full', people(3, 4), nextLink(2, 2), []],
    ['too many', people(3, 4, 5), nextLink(2, 2), ['last_page_contradicted']],
  ])('compares its rows with the number of the last page: %s', async (_what, second, link, vetoes) => {
    tested.server.play(answerRows(people(1, 2), link), answerRows(second, endLink));

    expect(vetoesOf(await tested.walk(byPage))).toStrictEqual(vetoes);
  });

  it('counts in pages of the size the server keeps', async () => {
    tested.server.play(answerRows(people(1, 2), nextLink(2, 2)), answerRows(people(3), endLink));

    expect(vetoesOf(await tested.walk({ ...byPage, pageSize: 100 }))).toStrictEqual([]);
  });
});
