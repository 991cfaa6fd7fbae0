import type { Cursor } from '../model/ids.ts';
import type { Page } from '../model/page.ts';

/** One page of a list, to be had before the deadline, in epoch milliseconds. */
export type FetchPage = (cursor: Cursor | undefined, deadlineMs?: number) => Promise<Page>;

export type PrefetchPlan = {
  /** See `Vendor.pageAt`. */
  readonly pageAt: (page: Page, ahead: number) => Cursor | undefined;
  /** How many pages are asked for, or kept, beyond the one that was handed over. */
  readonly ahead?: number;
};

/** Assumed: enough to hide a round trip, few enough for a small server and for memory. */
const defaultAhead = 4;

type Outcome = { readonly page: Page } | { readonly fault: unknown };

/**
 * Fetches the following pages while one is worked on. Whoever asks still goes page by page with the `next` of the page
 * before, and gets each page, or its fault, only when it is asked for. Pages nobody asks for in the end are thrown away
 * with whatever fault they had.
 */
export function prefetchPages(fetchPage: FetchPage, { pageAt, ahead = defaultAhead }: PrefetchPlan): FetchPage {
  let expected = new Map<Cursor, Promise<Outcome>>();
  let inFlight = 0;

  async function fetchOne(cursor: Cursor | undefined, deadlineMs?: number): Promise<Outcome> {
    inFlight += 1;
    try {
      return { page: await fetchPage(cursor, deadlineMs) };
    } catch (fault) {
      return { fault };
    } finally {
      inFlight -= 1;
    }
  }

  function expectPagesAfter(page: Page, deadlineMs?: number): void {
    const kept = new Map<Cursor, Promise<Outcome>>();
    for (const cursor of predictCursors(page)) {
      const known = expected.get(cursor);
      // Requests for pages that are no longer expected may still be under way, and count.
      if (known === undefined && inFlight >= ahead) break;
      kept.set(cursor, known ?? fetchOne(cursor, deadlineMs));
    }
    expected = kept;
  }

  function predictCursors(page: Page): readonly Cursor[] {
    const cursors = new Set<Cursor>();
    if (page.next === null || pageAt(page, 0) !== page.next) return [];
    for (let pages = 0; pages < ahead; pages += 1) {
      const cursor = pageAt(page, pages);
      if (cursor === undefined) break;
      cursors.add(cursor);
    }
    return [...cursors];
  }

  return async (cursor, deadlineMs) => {
    const known = cursor === undefined ? undefined : expected.get(cursor);
    if (known === undefined) expected = new Map();
    else if (cursor !== undefined) expected.delete(cursor);
    const outcome = await (known ?? fetchOne(cursor, deadlineMs));
    if ('fault' in outcome) throw outcome.fault;
    expectPagesAfter(outcome.page, deadlineMs);
    return outcome.page;
  };
}
