import { describe, expect, it } from 'vitest';
import { createKeySet } from '../../../src/diff/key-set.ts';
import { FeedError, type FeedErrorCode } from '../../../src/model/feed-error.ts';
import { type Cursor, connectionId, cursor } from '../../../src/model/ids.ts';
import type { Page } from '../../../src/model/page.ts';
import { collectPages, describeFailure, type WalkLimits } from '../../../src/sweep/collect-pages.ts';
import type { PageAsk, UserList } from '../../../src/sweep/ports.ts';
import { noPages } from '../../../src/sweep/walk-evidence.ts';
import { aDigester, anObservedUser, at } from '../../support/builders.ts';

const aFailure = (code: FeedErrorCode) => new FeedError(code, `${code} is what happened`, {} as never);
const pageTo = (next: string | null): Page => ({
  users: [anObservedUser()],
  rejected: [],
  next: next === null ? null : cursor(next),
  evidence: {},
  observedAt: at(5),
});

type Walk = Partial<WalkLimits> & { readonly onAdd?: (page: Page) => void; readonly next?: Cursor | null };

/** Walks a list that answers each question in turn, and tells what was asked, compared and noted. */
async function walk(answers: readonly (Page | Error)[], { onAdd, next, ...limits }: Walk = {}) {
  const asks: PageAsk[] = [];
  const compared: Page[] = [];
  const keys = createKeySet();
  const list = {
    vendor: 'acme',
    connectionId: connectionId('north'),
    async fetchPage(ask: PageAsk) {
      const answer = answers[asks.push(ask) - 1] ?? new Error('asked too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as UserList;
  const comparison = {
    async add(page: Page) {
      onAdd?.(page);
      compared.push(page);
    },
  } as never;
  const keyOf = (one: Cursor) => {
    if (typeof one !== 'string') throw new Error('the first page has no cursor');
    return aDigester.userMark(one);
  };
  const end = await collectPages(
    list,
    comparison,
    { walks: 1, evidence: noPages, ...(next !== undefined && { next }) },
    { keys, keyOf },
    { deadlineMs: 100, nowMs: () => 0, pageLimit: 10, ...limits },
  );
  return { asks, compared, cursors: keys.size, end };
}

describe(collectPages, () => {
  it('reads a list page by page to its end', async () => {
    const pages = [pageTo('b'), pageTo('c'), pageTo(null)];

    const { asks, compared, cursors, end } = await walk(pages);

    expect(asks).toStrictEqual([
      { cursor: undefined, deadlineMs: 100 },
      { cursor: 'b', deadlineMs: 100 },
      { cursor: 'c', deadlineMs: 100 },
    ]);
    expect(compared).toStrictEqual(pages);
    expect(cursors).toBe(2);
    expect(end).toStrictEqual({
      ended: 'list',
      progress: { walks: 1, next: null, evidence: { ...noPages, pages: 3, endedByVendor: true }, lastPageAt: at(5) },
    });
  });

  it('asks every page of a delta for what changed since the same time', async () => {
    const { asks } = await walk([pageTo('b'), pageTo(null)], { updatedSince: at(1) });

    expect(asks.map(({ updatedSince }) => updatedSince)).toStrictEqual([at(1), at(1)]);
  });

  it('asks nothing of a list that has ended', async () => {
    const { asks, end } = await walk([], { next: null });

    expect(asks).toStrictEqual([]);
    expect(end).toStrictEqual({ ended: 'list', progress: { walks: 1, next: null, evidence: noPages } });
  });

  it('stops between two pages once the time is over', async () => {
    let nowMs = 99;
    const { asks, end } = await walk([pageTo('b'), pageTo(null)], { nowMs: () => nowMs, onAdd: () => (nowMs += 1) });

    expect(asks).toHaveLength(1);
    expect(end).toMatchObject({ ended: 'time', progress: { next: 'b' } });
  });

  it('leaves a page for which the time does not do to the next tick', async () => {
    const { end } = await walk([pageTo('b'), aFailure('vendor.out_of_time')]);

    expect(end).toStrictEqual({
      ended: 'time',
      progress: { walks: 1, next: 'b', evidence: { ...noPages, pages: 1 }, lastPageAt: at(5) },
    });
  });

  it('ends with the evidence of what it has read where the vendor fails', async () => {
    const { end } = await walk([pageTo('b'), aFailure('vendor.unavailable')]);

    const failure = { code: 'vendor.unavailable', message: 'vendor.unavailable is what happened' };
    expect(end).toStrictEqual({
      ended: 'list',
      progress: { walks: 1, next: 'b', evidence: { ...noPages, pages: 1, failure }, lastPageAt: at(5) },
    });
  });

  it('ends where the vendor comes back to a cursor, at the page or later', async () => {
    for (const pages of [
      [pageTo('b'), pageTo('b')],
      [pageTo('b'), pageTo('c'), pageTo('b')],
    ]) {
      const { end } = await walk([...pages, pageTo(null)]);

      expect(end.progress.evidence).toStrictEqual({
        ...noPages,
        pages: pages.length,
        failure: {
          code: 'vendor.cursor_repeated',
          message: `acme (north): the vendor repeated a cursor after ${pages.length} pages, so its list has no end`,
        },
      });
    }
  });

  it('reads as many pages as it may and no more', async () => {
    const { asks, end } = await walk([pageTo('b'), pageTo('c'), pageTo('d')], { pageLimit: 2 });

    expect(asks).toHaveLength(2);
    expect(end.progress.evidence.failure).toStrictEqual({
      code: 'sweep.page_limit',
      message: 'acme (north): the list goes on after 2 pages, the most a sweep reads',
    });
  });

  it('passes on what is no fault of the vendor', async () => {
    await expect(
      walk([pageTo(null)], {
        onAdd() {
          throw aFailure('store.unavailable');
        },
      }),
    ).rejects.toThrow('store.unavailable is what happened');
  });
});

describe(describeFailure, () => {
  it.each<FeedErrorCode>([
    'vendor.unauthorized',
    'vendor.cursor_repeated',
    'config.invalid',
    'sweep.page_limit',
    'sweep.out_of_time',
    'sweep.delta_unsupported',
    'sweep.entries_lost',
  ])('takes %s for a fault of the list', (code) => {
    expect(describeFailure(aFailure(code))).toStrictEqual({ code, message: `${code} is what happened` });
  });

  it.each<FeedErrorCode>(['sweep.lease_lost', 'sweep.checkpoint_gone', 'store.conflict', 'internal.invariant'])(
    'passes %s on',
    (code) => {
      expect(() => describeFailure(aFailure(code))).toThrow(`${code} is what happened`);
    },
  );

  it('passes on an error that is none of the feed, whatever code it has', () => {
    const error = Object.assign(new Error('something else'), { code: 'vendor.unavailable' });

    expect(() => describeFailure(error)).toThrow(error);
  });
});
