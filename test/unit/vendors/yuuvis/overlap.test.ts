import { describe, expect, it } from 'vitest';
import { failureOf } from '../vendor-io.ts';
import { idsOf, openYuuvis, pageOf } from './yuuvis-under-test.ts';

const yuuvis = openYuuvis();
const everybody = Array.from({ length: 30 }, (_, number) => `u${number}`);
const rows = (from: number, to: number) => everybody.slice(from, to);

describe('yuuvis.fetchPage over several pages', () => {
  it('begins each page with five users of the page before, and shows everybody once', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(
      pageOf(rows(0, 12)),
      pageOf(rows(7, 19)),
      pageOf(rows(14, 26)),
      pageOf(rows(21, 30), { hasMoreItems: false }),
    );
    const options = { max: 12 };

    const pages = [await fetchPage({ options })];
    for (let page = pages[0]; page?.next; page = pages.at(-1)) pages.push(await fetchPage({ options }, page.next));

    expect(server.received.map(({ query }) => `${query.first} ${query.max}`)).toStrictEqual([
      '0 12',
      '7 12',
      '14 12',
      '21 12',
    ]);
    expect(pages.flatMap(idsOf)).toStrictEqual(everybody);
    expect(pages.map(({ evidence }) => evidence.drift)).toStrictEqual([undefined, undefined, undefined, undefined]);
  });

  it('repeats no more than half of a small page', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(rows(0, 3)), pageOf(rows(2, 5)));

    const first = await fetchPage({ options: { max: 3 } });
    const second = await fetchPage({ options: { max: 3 } }, first.next);

    expect(server.received[1]?.query.first).toBe('2');
    expect(idsOf(second)).toStrictEqual(['u3', 'u4']);
  });

  it('goes on by the users it got when a page is short, which is no end', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(rows(0, 4)), pageOf(rows(2, 12)));

    const first = await fetchPage({ options: { max: 10 } });
    const second = await fetchPage({ options: { max: 10 } }, first.next);

    expect(first.next).toBe('{"first":2,"tail":["u2","u3"],"shortBy":6}');
    expect(idsOf(second)).toStrictEqual(rows(4, 12));
    expect(second.evidence.drift).toBeUndefined();
  });

  it('finds its place where users who dropped out of a page count as places', async () => {
    const { server, fetchPage } = yuuvis();
    // u1, u4 and u6 may not be seen: the first ten places show seven, and the fourth place is u4's.
    const seen = everybody.filter((id) => !['u1', 'u4', 'u6'].includes(id));
    server.play(pageOf(seen.slice(0, 7)), pageOf(rows(4, 14).filter((id) => seen.includes(id))));

    const first = await fetchPage({ options: { max: 10 } });
    const second = await fetchPage({ options: { max: 10 } }, first.next);

    expect(server.received[1]?.query.first).toBe('4');
    expect([...idsOf(first), ...idsOf(second)]).toStrictEqual(seen.slice(0, 11));
    expect(second.evidence.drift).toBeUndefined();
  });

  it.each([
    [
      'somebody new, or renamed, stands before',
      ['u6', 'u7', 'u8', 'u9', 'u10', 'u11', 'u12', 'u13', 'u14', 'u15', 'u16', 'u17'],
    ],
    ['somebody before is gone', rows(8, 20)],
    ['two have changed places', ['u8', 'u7', ...rows(9, 19)]],
    ['the list has become shorter than that', []],
    ['a row has lost its id', ['', ...rows(8, 19)]],
  ])('reports drift when %s, and keeps all that the page shows', async (_what, ids) => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(rows(0, 12)), pageOf(ids, { hasMoreItems: false }));

    const first = await fetchPage({ options: { max: 12 } });
    const second = await fetchPage({ options: { max: 12 } }, first.next);

    expect(second.evidence.drift).toStrictEqual(['overlap_moved']);
    expect([...second.users, ...second.rejected]).toHaveLength(ids.length);
    expect(second.next).toBeNull();
  });

  it('goes on reading after drift', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(rows(0, 12)), pageOf(rows(8, 20)));

    const first = await fetchPage({ options: { max: 12 } });
    const second = await fetchPage({ options: { max: 12 } }, first.next);

    expect(second.next).toBe('{"first":14,"tail":["u15","u16","u17","u18","u19"],"shortBy":0}');
  });

  it('starts the list again when the page before comes once more, as if first were ignored', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(rows(0, 12)), pageOf(rows(0, 12)));

    const { next } = await fetchPage({ options: { max: 12 } });
    const error = await failureOf(fetchPage({ options: { max: 12 } }, next));

    expect(error.code).toBe('vendor.cursor_rejected');
    expect(error.message).toMatch(/the end of the page before: the list has moved, or first is ignored$/);
  });

  it('goes on from a cursor that has been through JSON', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(rows(0, 12)), pageOf(rows(7, 19)));

    const { next } = await fetchPage({ options: { max: 12 } });

    expect(idsOf(await fetchPage({ options: { max: 12 } }, JSON.parse(JSON.stringify(next))))).toStrictEqual(
      rows(12, 19),
    );
  });

  it.each([
    'nonsense',
    '{"first":7}',
    '{"first":0,"tail":[],"shortBy":0}',
    '{"first":7,"tail":[1],"shortBy":0}',
    '{"first":7,"tail":["1","2","3","4","5","6"],"shortBy":0}',
  ])('does not ask with the stored cursor %s', async (stored) => {
    const { server, fetchPage } = yuuvis();

    expect((await failureOf(fetchPage({}, stored))).code).toBe('vendor.cursor_rejected');
    expect(server.received).toStrictEqual([]);
  });
});
