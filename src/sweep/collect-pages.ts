import type { KeySet } from '../diff/key-set.ts';
import { FeedError, isFeedError } from '../model/feed-error.ts';
import type { Cursor } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { WalkProgress } from './checkpoint.ts';
import type { PageComparison } from './compare-pages.ts';
import type { UserList } from './ports.ts';
import { addPage } from './walk-evidence.ts';

/** More pages than any directory has: a list that goes on beyond is going round in circles. */
export const pageLimit = 100_000;

export type WalkLimits = {
  readonly deadlineMs: number;
  readonly nowMs: () => number;
  readonly pageLimit: number;
  /** For a delta. */
  readonly updatedSince?: Instant;
};

/** The cursors of this walk so far, and how one becomes a key. */
export type CursorsSeen = { readonly keys: KeySet; readonly keyOf: (cursor: Cursor) => Uint8Array };

/** How one part of a walk ended: with the list, one way or another, or with the tick. */
export type WalkEnd = { readonly ended: 'list' | 'time'; readonly progress: WalkProgress };

/**
 * Walks a list until the vendor says "end" or the tick is over, and compares page by page. A fault of the vendor ends
 * the walk and stands in the evidence; what was seen before it stays.
 */
export async function collectPages(
  list: UserList,
  comparison: PageComparison,
  start: WalkProgress,
  cursors: CursorsSeen,
  limits: WalkLimits,
): Promise<WalkEnd> {
  let progress = start;
  while (progress.next !== null) {
    const { evidence, next } = progress;
    if (limits.nowMs() >= limits.deadlineMs) return { ended: 'time', progress };
    try {
      assertMayContinue(list, next, { cursors, pages: evidence.pages, pageLimit: limits.pageLimit });
      const { deadlineMs, updatedSince } = limits;
      const page = await list.fetchPage({ cursor: next, deadlineMs, ...(updatedSince && { updatedSince }) });
      await comparison.add(page);
      if (next !== undefined) cursors.keys.add(cursors.keyOf(next));
      progress = {
        ...progress,
        next: page.next,
        evidence: addPage(evidence, page),
        lastPageAt: page.observedAt,
      };
    } catch (error) {
      if (isFeedError(error, 'vendor.out_of_time')) return { ended: 'time', progress };
      return { ended: 'list', progress: { ...progress, evidence: { ...evidence, failure: describeFailure(error) } } };
    }
  }
  return { ended: 'list', progress };
}

type Progress = { readonly cursors: CursorsSeen; readonly pages: number; readonly pageLimit: number };

/** Every cursor of a walk is new, or the list would go round in circles, of whatever length. */
function assertMayContinue(list: UserList, next: Cursor | undefined, { cursors, pages, pageLimit: most }: Progress) {
  const where = `${list.vendor} (${list.connectionId})`;
  if (next !== undefined && next !== null && cursors.keys.has(cursors.keyOf(next))) {
    const message = `${where}: the vendor repeated a cursor after ${pages} pages, so its list has no end`;
    throw new FeedError('vendor.cursor_repeated', message, { pagesFetched: pages });
  }
  if (pages < most) return;
  const message = `${where}: the list goes on after ${most} pages, the most a sweep reads`;
  throw new FeedError('sweep.page_limit', message, { pageLimit: most });
}

/** What a vendor's fault says; anything else is a fault of ours or of the store and goes on up. */
export function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  const isWalkFault =
    isFeedError(error) &&
    /^(vendor|config)\.|^sweep\.(page_limit|out_of_time|delta_unsupported|entries_lost)$/.test(error.code);
  if (!isWalkFault) throw error;
  return { code: error.code, message: error.message };
}
