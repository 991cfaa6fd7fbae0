import { type CompletenessRule, denyCompleteness, isDrift, type SweepEvidence } from '../diff/completeness.ts';
import type { Cursor } from '../model/ids.ts';
import type { Checkpoint, WalkProgress } from './checkpoint.ts';
import { checkpointGone } from './checkpoint.ts';
import { collectPages, pageLimit, type WalkEnd } from './collect-pages.ts';
import { createPageComparison, type PageComparison } from './compare-pages.ts';
import { blobName } from './named-blobs.ts';
import { createStaging, openStaging, stagedBlobs } from './staging.ts';
import type { Sweep } from './sweep.ts';
import { noPages } from './walk-evidence.ts';

/** A list that moved while it was read, or whose cursor was rejected, is read once more; then it counts as incomplete. */
const maxWalks = 2;

/** A list that was walked to its end, however it ended. */
export type WalkedList = {
  readonly comparison: PageComparison;
  readonly progress: WalkProgress;
  readonly evidence: SweepEvidence;
  readonly deniedBy: readonly CompletenessRule[];
};

export type WalkResult =
  | ({ readonly kind: 'walked' } & WalkedList)
  | {
      readonly kind: 'suspended';
      readonly comparison: PageComparison;
      readonly progress: WalkProgress;
      /** Pages that this tick has read. */
      readonly pages: number;
    };

export type WalkCheckpoint = Extract<Checkpoint, { readonly phase: 'walk' }>;

/** Walks the list from where it was left, again from the start where that may help, until its end or the tick's. */
export async function walkList(sweep: Sweep, checkpoint?: WalkCheckpoint): Promise<WalkResult> {
  const saved = checkpoint && { bytes: await readCompared(sweep, checkpoint), checkpoint };
  let walk: Walk = {
    progress: checkpoint?.progress ?? { walks: 1, evidence: noPages },
    comparison: await openComparison(sweep, checkpoint?.progress.walks ?? 1, saved),
  };
  let pages = 0;
  for (;;) {
    const before = walk.progress.evidence.pages;
    const { ended, progress } = await walkOn(sweep, walk);
    const { comparison } = walk;
    pages += progress.evidence.pages - before;
    // What follows from a long list takes time as well: the next tick has more of it.
    const isLate = progress.next === null && pages > 0 && sweep.ports.nowMs() >= sweep.deadlineMs;
    if (ended === 'time' || isLate) return { kind: 'suspended', comparison, progress, pages };
    const walked = weigh(sweep, comparison, progress);
    if (!isWorthAnotherWalk(walked)) return { kind: 'walked', ...walked };
    await sweep.ports.store.deleteBlobs(sweep.list.connectionId, stagedBlobs(comparison.staging.written));
    const walks = progress.walks + 1;
    walk = { progress: { walks, evidence: noPages }, comparison: await openComparison(sweep, walks) };
  }
}

type Walk = { readonly progress: WalkProgress; readonly comparison: PageComparison };

function walkOn(sweep: Sweep, { progress, comparison }: Walk): Promise<WalkEnd> {
  const { ports, list, deadlineMs, basis } = sweep;
  const keyOf = (cursor: Cursor) => sweep.context.digester.userMark(cursor);
  const { updatedSince } = basis;
  const limits = { deadlineMs, nowMs: ports.nowMs, pageLimit, ...(updatedSince && { updatedSince }) };
  return collectPages(list, comparison, progress, { keys: comparison.cursors, keyOf }, limits);
}

function isWorthAnotherWalk({ deniedBy, progress }: WalkedList): boolean {
  const mayHelp = isDrift(deniedBy) || progress.evidence.failure?.code === 'vendor.cursor_rejected';
  return mayHelp && progress.walks < maxWalks;
}

/** The evidence of a list that was given up, for want of time or another reason that the pages did not show. */
export function weigh(sweep: Sweep, comparison: PageComparison, progress: WalkProgress): WalkedList {
  const { state } = sweep.held;
  const { seen, counts, rejectedWithId } = comparison;
  const { usualGap } = state;
  const evidence: SweepEvidence = {
    ...progress.evidence,
    distinctUsers: seen.distinct,
    ...(seen.excluded > 0 && { excludedUsers: seen.excluded }),
    duplicates: seen.duplicates,
    rejectedWithId,
    rejectedWithoutId: counts.rejectedWithoutId,
    unseen: sweep.basis.mode === 'full' ? seen.unseenCount : 0,
    // Users of another directory or scope do not tell how long the list ought to be.
    liveBefore: sweep.basis.purpose === 'live' ? state.counts.live : 0,
    ...(usualGap !== undefined && { usualGap }),
    walks: progress.walks,
  };
  return { comparison, progress, evidence, deniedBy: denyCompleteness(evidence, sweep.basis.mode) };
}

/** Names the blobs of this tick: no other lease writes them. */
export function blobPrefix({ basis, held }: Sweep, part: string): string {
  return blobName(held.lease, `${basis.sweepId}/${part}`);
}

async function openComparison(
  sweep: Sweep,
  walk: number,
  saved?: { readonly bytes: Uint8Array; readonly checkpoint: WalkCheckpoint },
): Promise<PageComparison> {
  const { ports, list, index, context, meanings, protector, prior, held } = sweep;
  const place = {
    blobs: ports.store,
    connectionId: list.connectionId,
    prefix: blobPrefix(sweep, `staged-${walk}`),
    protect: protector.protectTransition,
  };
  const staging = saved === undefined ? createStaging(place) : await openStaging(place, saved.checkpoint.staged);
  // Without the list of the last complete sweep nobody knows whom it showed.
  const lastSeenAt = prior.sweepId === prior.lastComplete?.sweepId ? prior.lastComplete?.startedAt : undefined;
  const seenBefore = (keyHash: string) => {
    const absence = prior.list.count === 0 ? undefined : prior.list.find({ keyHash });
    return absence === undefined ? lastSeenAt : absence.lastSeenAt;
  };
  const compare = {
    connectionId: list.connectionId,
    entries: ports.store,
    index,
    context,
    meanings,
    protector,
    staging,
    hasTombstones: held.state.counts.tombstones > 0,
    lastSeenAt: seenBefore,
  };
  if (saved === undefined) return createPageComparison(compare);
  try {
    return createPageComparison(compare, saved.bytes);
  } catch (error) {
    // Whatever it is, it does not fit the index as it is now.
    if (error instanceof TypeError) throw checkpointGone(list.connectionId, saved.checkpoint.compared);
    throw error;
  }
}

async function readCompared({ ports, list }: Sweep, { compared }: WalkCheckpoint): Promise<Uint8Array> {
  const bytes = await ports.store.readBlob(list.connectionId, compared);
  if (bytes === undefined) throw checkpointGone(list.connectionId, compared);
  return bytes;
}
