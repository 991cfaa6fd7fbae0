import { FeedError, isFeedError } from '../model/feed-error.ts';
import type { Cursor } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { PageComparison } from './compare-pages.ts';
import type { UserList } from './ports.ts';
import { addPage, noPages, type WalkEvidence } from './walk-evidence.ts';

/** More pages than any directory has: a list that goes on beyond is going round in circles. */
export const pageLimit = 100_000;

export type WalkLimits = { readonly deadlineMs: number; readonly nowMs: () => number; readonly pageLimit: number };

/** How one walk of the list went; what it showed is in the comparison. */
export type Walk = { readonly evidence: WalkEvidence; readonly lastPageAt?: Instant };

/**
 * Walks a list from its first page until the vendor says "end", and compares page by page. A fault of the vendor
 * ends the walk and stands in the evidence; what was seen before it stays.
 */
export async function collectPages(list: UserList, comparison: PageComparison, limits: WalkLimits): Promise<Walk> {
  const cursorsSeen = new Set<Cursor>();
  let walk: Walk = { evidence: noPages };
  let next: Cursor | null | undefined;
  while (next !== null) {
    const { pages } = walk.evidence;
    try {
      assertMayContinue(list, next, { cursorsSeen, pages, limits });
      const page = await list.fetchPage(next, limits.deadlineMs);
      await comparison.add(page);
      walk = { evidence: addPage(walk.evidence, page), lastPageAt: page.observedAt };
      next = page.next;
    } catch (error) {
      const failure = describeFailure(isFeedError(error, 'vendor.out_of_time') ? outOfTime(list, pages) : error);
      return { ...walk, evidence: { ...walk.evidence, failure } };
    }
  }
  return walk;
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
