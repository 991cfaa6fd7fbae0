import { describe, expect, it } from 'vitest';
import { answerJson } from '../../../support/vendor-server.ts';
import { answerRows, endLink, idsOf, nextLink, people, rows, useDelay, vetoesOf } from './delay-under-test.ts';

const tested = useDelay();
const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

describe('delay.fetchPage by time of creation', () => {
  it('asks for the first page of those created since the last second seen, and a second more', async () => {
    tested.server.play(answerRows(people(1, 2, 3)), answerRows(people(3, 4, 5)), answerRows(people(5)));

    const pages = await tested.walk({ pageSize: 3 });

    expect(tested.asked('page', 'sort_by', 'sort_order', 'created_at_from')).toStrictEqual([
      '1 created_at asc -',
      `1 created_at asc ${at(179)}`,
      `1 created_at asc ${at(299)}`,
    ]);
    expect(idsOf(pages)).toStrictEqual(['u1 u2 u3', 'u4 u5', '']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it('needs no run for a list of one page', async () => {
    tested.server.play(answerRows(people(1)));

    expect((await tested.walk()).length).toBe(1);
  });

  it('keeps nothing in the cursor but those of the last second', async () => {
    tested.server.play(answerRows(rows([1, 10], [2, 20], [3, 20.9])));

    const { next } = await tested.fetchPage({ options: { ...tested.ask().options, pageSize: 3 } });

    expect(JSON.parse(String(next)).run).toStrictEqual({ since: at(20), edge: ['u2', 'u3'], isProven: false });
  });

  it('walks on by page number within a second that fills pages', async () => {
    tested.server.play(
      answerRows(rows([1, 10], [2, 20])),
      answerRows(rows([2, 20], [3, 20.5])),
      answerRows(rows([4, 20.7], [5, 21])),
      answerRows(rows([5, 21])),
    );

    const pages = await tested.walk();

    expect(tested.asked('page', 'created_at_from')).toStrictEqual(['1 -', `1 ${at(19)}`, `2 ${at(19)}`, `1 ${at(20)}`]);
    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3', 'u4 u5', '']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it('drops who was created before the last second, and shows nobody twice', async () => {
    tested.server.play(answerRows(rows([1, 19.5], [2, 20])), answerRows(rows([1, 19.5], [2, 20])), answerRows([]));

    const pages = await tested.walk();

    expect(idsOf(pages)).toStrictEqual(['u1 u2', '', '']);
  });

  it('loses nobody when somebody leaves between two pages', async () => {
    tested.server.play(
      answerRows(people(1, 2)),
      answerRows(people(2, 3)),
      answerRows(people(3, 4)),
      answerRows(people(4)),
    );

    expect(idsOf(await tested.walk())).toStrictEqual(['u1 u2', 'u3', 'u4', '']);
  });

  it.each([
    ['is ignored', people(1, 2), []],
    ['leaves out the last one seen', people(3), ['run_lost_touch']],
    ['answers nobody', [], ['run_lost_touch']],
    ['is ignored, and somebody has left', people(1, 3), ['run_lost_touch']],
  ])('goes on by page number where the filter %s', async (_what, answer, vetoes) => {
    tested.server.play(answerRows(people(1, 2)), answerRows(answer), answerRows(people(3, 4)), answerRows(people(5)));

    const pages = await tested.walk();

    expect(tested.asked('page', 'created_at_from')).toStrictEqual(['1 -', `1 ${at(119)}`, '2 -', '3 -']);
    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3 u4', 'u5']);
    expect([...new Set(vetoesOf(pages))]).toStrictEqual(vetoes);
  });

  it('goes on by page number where the filter is refused', async () => {
    tested.server.play(answerRows(people(1, 2)), answerJson({}, { status: 400 }), answerRows(people(3)));

    expect(idsOf(await tested.walk())).toStrictEqual(['u1 u2', 'u3']);
  });

  it('proves nothing by page number where the operator wants no less than the run', async () => {
    tested.server.play(answerRows(people(1, 2)), answerRows(people(1, 2)), answerRows(people(3)));

    expect(vetoesOf(await tested.walk({ paging: 'keyset' }))).toStrictEqual(['keyset_unsupported']);
  });

  it('proves nothing once a proven run no longer begins where it was left', async () => {
    tested.server.play(answerRows(people(1, 2)), answerRows(people(2, 3)), answerRows(people(5)));

    const pages = await tested.walk();

    expect(idsOf(pages)).toStrictEqual(['u1 u2', 'u3', 'u5']);
    expect(vetoesOf(pages)).toStrictEqual(['run_lost_touch']);
  });

  it.each([
    ['out of order', people(2, 1), {}, ['sort_ignored']],
    ['without a time', [...people(1), { id: 'u2' }], {}, []],
    ['in an order of the operator', people(1, 2), { sortBy: 'name' }, []],
    ['in descending order', people(2, 1), { sortOrder: 'desc' }, []],
  ])('does not run through a list %s', async (_what, first, options, vetoes) => {
    tested.server.play(answerRows(first), answerRows([]));

    const pages = await tested.walk(options);

    expect(tested.asked('page', 'created_at_from')).toStrictEqual(['1 -', '2 -']);
    expect(vetoesOf(pages)).toStrictEqual(vetoes);
  });

  it('begins no earlier than the operator says', async () => {
    tested.server.play(...[1, 2].flatMap(() => [answerRows(people(1, 2)), answerRows(people(2))]));

    await tested.walk({ createdAtFrom: at(119.5) });
    await tested.walk({ createdAtFrom: at(7) });

    expect(tested.asked('created_at_from')).toStrictEqual([at(119.5), at(119.5), at(7), at(119)]);
  });

  it('ends by the links once they were seen', async () => {
    tested.server.play(
      answerRows(people(1, 2), nextLink(2, 2)),
      answerRows(people(2), nextLink(2, 2)),
      answerRows(people(2, 3), endLink),
    );

    const pages = await tested.walk();

    expect(idsOf(pages)).toStrictEqual(['u1 u2', '', 'u3']);
    expect(vetoesOf(pages)).toStrictEqual([]);
  });

  it.each([
    ['fewer', 2, [people(2)], ['last_page_contradicted']],
    ['fewer', 3, [people(2, 3), people(3)], ['last_page_contradicted']],
    ['more', 2, [people(2, 3), people(3, 4), people(4, 5), people(5)], []],
  ])('compares with the pages of the whole list: %s rows than %i pages hold', async (_what, last, answers, vetoes) => {
    const isEnd = (index: number) => index === answers.length - 1;
    tested.server.play(
      answerRows(people(1, 2), nextLink(2, last)),
      ...answers.map((list, index) => answerRows(list, isEnd(index) ? undefined : nextLink(2, 2))),
    );

    expect(vetoesOf(await tested.walk())).toStrictEqual(vetoes);
  });

  it('ends with a veto where a page within a second comes again', async () => {
    const same = rows([1, 20], [2, 20]);
    tested.server.play(answerRows(same), answerRows(same), answerRows(same));

    const pages = await tested.walk();

    expect([pages.at(-1)?.next, vetoesOf(pages)]).toStrictEqual([null, ['page_repeated']]);
  });
});
