import type { SweepEvidence } from '../diff/completeness.ts';
import { FeedError, isFeedError } from '../model/feed-error.ts';
import type { Cursor } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Page } from '../model/page.ts';
import type { PageComparison } from './compare-pages.ts';
import type { UserList } from './ports.ts';

/** More pages than any directory has: a list that goes on beyond is going round in circles. */
export const pageLimit = 100_000;

export type WalkLimits = { readonly deadlineMs: number; readonly nowMs: () => number; readonly pageLimit: number };

/** How one walk of the list went; what it showed is in the comparison. */
export type Walk = {
  readonly evidence: Omit<
    SweepEvidence,
    'distinctUsers' | 'excludedUsers' | 'duplicates' | 'rejectedWithId' | 'rejectedWithoutId' | 'walks' | 'liveBefore' | 'unseen'
  >;
  readonly lastPageAt?: Instant;
};

type Totals = Pick<SweepEvidence, 'firstTotal' | 'lastTotal' | 'totalKind' | 'totalMoved'>;

/**
 * Walks a list from its first page until the vendor says "end", and compares page by page. A fault of the vendor
 * ends the walk and stands in the evidence; what was seen before it stays.
 */
export async function collectPages(list: UserList, comparison: PageComparison, limits: WalkLimits): Promise<Walk> {
  const cursorsSeen = new Set<Cursor>();
  const vetoes = new Set<string>();
  let totals: Totals = { totalMoved: false };
  let pages = 0;
  let retries = 0;
  let lastPageAt: Instant | undefined;
  let next: Cursor | null | undefined;
  let failure: SweepEvidence['failure'];
  while (next !== null && failure === undefined) {
    try {
      assertMayContinue(list, next, { cursorsSeen, pages, limits });
      const page = await list.fetchPage(next, limits.deadlineMs);
      await comparison.add(page);
      pages += 1;
      retries += page.retries ?? 0;
      lastPageAt = page.observedAt;
      totals = withTotal(totals, page);
      for (const veto of page.evidence.vetoes ?? []) vetoes.add(veto);
      next = page.next;
    } catch (error) {
      failure = describeFailure(isFeedError(error, 'vendor.out_of_time') ? outOfTime(list, pages) : error);
    }
  }
  const evidence = { pages, endedByVendor: next === null, vetoes: [...vetoes], ...totals, retries };
  return {
    evidence: failure === undefined ? evidence : { ...evidence, failure },
    ...(lastPageAt !== undefined && { lastPageAt }),
  };
}

type Progress = { readonly cursorsSeen: Set<Cursor>; readonly pages: number; readonly limits: WalkLimits };

/** Every cursor of a walk is new, or the list would go round in circles, of whatever length. */
function assertMayContinue(list: UserList, next: Cursor | undefined, { cursorsSeen, pages, limits }: Progress): void {
  const where = `${list.vendor} (${list.connectionId})`;
  if (next !== undefined && cursorsSeen.has(next)) {
    const message = `${where}: the vendor repeated a cursor after ${pages} pages, so its list has no end`;
    throw new FeedError('vendor.cursor_repeated', message, { pagesFetched: pages });
  }
  if (next !== undefined) cursorsSeen.add(next);
  if (pages >= limits.pageLimit) {
    const message = `${where}: the list goes on after ${limits.pageLimit} pages, the most a sweep reads`;
    throw new FeedError('sweep.page_limit', message, { pageLimit: limits.pageLimit });
  }
  if (limits.nowMs() >= limits.deadlineMs) throw outOfTime(list, pages);
}

function outOfTime(list: UserList, pages: number): FeedError {
  const message = `${list.vendor} (${list.connectionId}): the tick ran out of time after ${pages} pages`;
  return new FeedError('sweep.out_of_time', message, { pagesFetched: pages });
}

/** What a vendor's fault says; anything else is a fault of ours or of the store and goes on up. */
function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  const isWalkFault = isFeedError(error) && /^(vendor|config)\.|^sweep\.(page_limit|out_of_time)$/.test(error.code);
  if (!isWalkFault) throw error;
  return { code: error.code, message: error.message };
}

function withTotal(totals: Totals, { evidence: { total, totalKind } }: Page): Totals {
  if (total === undefined) return totals;
  const firstTotal = totals.firstTotal ?? total;
  return {
    firstTotal,
    lastTotal: total,
    totalKind: totalKind ?? 'soft',
    totalMoved: totals.totalMoved || total !== firstTotal,
  };
}
