import { concludeDeletions, countAbsence, type PriorAbsence } from '../diff/absence.ts';
import { type CompletenessRule, denyCompleteness, isDrift, type SweepEvidence } from '../diff/completeness.ts';
import { type DiffContext, diffSweep } from '../diff/diff-sweep.ts';
import type { Digester } from '../diff/digest.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import type { Projection } from '../diff/projection.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import type { SweepPolicy } from '../diff/sweep-policy.ts';
import type { AbsentUser } from '../model/absent-user.ts';
import type { SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import { collectPages, pageLimit, type Walk } from './collect-pages.ts';
import { createPageComparison, type PageComparison } from './compare-pages.ts';
import type { ConnectionState } from './connection-state.ts';
import { findDeparted, findUnseen, readEntries } from './find-departed.ts';
import type { SweepPorts, UserList } from './ports.ts';
import { createMeanings, type Meanings } from './projection-meanings.ts';

/** One sweep under way, and what it goes by. */
export type Sweep = {
  readonly sweepId: SweepId;
  readonly startedAt: Instant;
  readonly deadlineMs: number;
  readonly index: DigestIndex;
  readonly projection: Projection;
  readonly digester: Digester;
  readonly policy: SweepPolicy;
};

/** What a sweep found, before anything of it is committed. */
export type Swept = {
  readonly evidence: SweepEvidence;
  readonly deniedBy: readonly CompletenessRule[];
  readonly transitions: readonly StagedTransition[];
  /** Known, unlisted, and not concluded to be gone; empty after an incomplete sweep. */
  readonly absent: readonly AbsentUser[];
};

/** A list that moved while it was read is read once more; after that it counts as incomplete. */
const maxWalks = 2;

/** Walks the list, judges whether it is complete, and only then concludes who is gone. */
export async function sweepList(
  ports: SweepPorts,
  list: UserList,
  state: ConnectionState,
  sweep: Sweep,
): Promise<Swept> {
  const prior = await readPriorAbsence(ports, list, state);
  const meanings = createMeanings(ports.store, list.connectionId);
  const context: DiffContext = { ...sweep, meaningsOf: meanings.of };
  const { comparison, walk, evidence, deniedBy } = await walkList(ports, list, state, {
    sweep,
    prior,
    context,
    meanings,
  });
  const observed = [...comparison.staged.values()];
  if (deniedBy.length > 0) return { evidence, deniedBy, transitions: mayCommit(sweep) ? observed : [], absent: [] };
  const unseen = await findUnseen(ports.store, list.connectionId, comparison.seen);
  const observedAt = walk.lastPageAt ?? sweep.startedAt;
  const absence = countAbsence(unseen, prior);
  // In a list of another directory or scope, not being listed is no news about anybody: all of them leave silently.
  const { concluded, pending } =
    sweep.policy.purpose === 'live'
      ? concludeDeletions(absence, list.confirmSweeps)
      : { concluded: absence, pending: [] };
  const departed = await findDeparted(ports.store, list.connectionId, sweep.index, { concluded, observedAt });
  return {
    evidence,
    deniedBy,
    transitions: [...observed, ...diffSweep({ observed: [], departed }, context)],
    absent: pending,
  };
}

/** An incomplete list may create and update, but a baseline or a new cut of the list ends only complete. */
function mayCommit(sweep: Sweep): boolean {
  return sweep.policy.purpose === 'live';
}

type WalkAsk = {
  readonly sweep: Sweep;
  readonly prior: PriorAbsence;
  readonly context: DiffContext;
  readonly meanings: Meanings;
};

type Walked = {
  readonly comparison: PageComparison;
  readonly walk: Walk;
  readonly evidence: SweepEvidence;
  readonly deniedBy: readonly CompletenessRule[];
};

async function walkList(
  ports: SweepPorts,
  list: UserList,
  state: ConnectionState,
  { sweep, prior, context, meanings }: WalkAsk,
): Promise<Walked> {
  const seenBefore = new Map(prior.absent.map((user) => [user.keyHash, user.lastSeenAt]));
  // Without the list of the last complete sweep nobody knows whom it showed.
  const lastSeenAt = prior.sweepId === prior.lastComplete?.sweepId ? prior.lastComplete?.startedAt : undefined;
  for (let walks = 1; ; walks += 1) {
    const comparison = createPageComparison({
      connectionId: list.connectionId,
      entries: ports.store,
      meanings,
      index: sweep.index,
      context,
      hasTombstones: state.counts.tombstones > 0,
      lastSeenAt: (keyHash) => (seenBefore.has(keyHash) ? seenBefore.get(keyHash) : lastSeenAt),
    });
    const walk = await collectPages(list, comparison, { deadlineMs: sweep.deadlineMs, nowMs: ports.nowMs, pageLimit });
    const evidence = await weighUnseen(ports, list, state, {
      comparison,
      evidence: { ...evidenceOf(comparison, walk), ...knownBefore(state, sweep), walks },
    });
    const deniedBy = denyCompleteness(evidence);
    const mayHelp = isDrift(deniedBy) || evidence.failure?.code === 'vendor.cursor_rejected';
    if (!mayHelp || walks === maxWalks || ports.nowMs() >= sweep.deadlineMs)
      return { comparison, walk, evidence, deniedBy };
  }
}

/** What earlier sweeps of this list say of it. Users of another directory or scope do not tell how long it ought to be. */
function knownBefore(
  { counts, usualGap }: ConnectionState,
  { policy }: Sweep,
): Pick<SweepEvidence, 'liveBefore' | 'usualGap'> {
  const liveBefore = policy.purpose === 'live' ? counts.live : 0;
  return { liveBefore, ...(usualGap !== undefined && { usualGap }) };
}

/**
 * The evidence with only live users among the unseen: a vendor that clears out users it had reported as deleted is no
 * collapse. Their entries are read only where it makes a difference.
 */
async function weighUnseen(
  { store }: SweepPorts,
  { connectionId }: UserList,
  { counts }: ConnectionState,
  { comparison, evidence }: { readonly comparison: PageComparison; readonly evidence: SweepEvidence },
): Promise<SweepEvidence> {
  if (counts.pairs === counts.live || !denyCompleteness(evidence).includes('list_collapsed')) return evidence;
  const unseen = await findUnseen(store, connectionId, comparison.seen);
  const keyHashes = unseen.map(({ keyHash }) => keyHash);
  let live = 0;
  for await (const { presence } of readEntries(store, connectionId, keyHashes)) if (presence === 'live') live += 1;
  return { ...evidence, unseen: live };
}

function evidenceOf(
  { seen, rejectedWithId, rejectedWithoutId, excluded }: PageComparison,
  walk: Walk,
): Omit<SweepEvidence, 'walks' | 'liveBefore'> {
  return {
    ...walk.evidence,
    distinctUsers: seen.distinct,
    ...(excluded > 0 && { excludedUsers: excluded }),
    duplicates: seen.duplicates,
    rejectedWithId,
    rejectedWithoutId,
    unseen: seen.unseen().length,
  };
}

async function readPriorAbsence(ports: SweepPorts, list: UserList, state: ConnectionState): Promise<PriorAbsence> {
  const { absent: reference, lastComplete } = state;
  const absent = reference.count === 0 ? [] : await ports.store.readAbsentList(list.connectionId, reference);
  return {
    absent: absent ?? [],
    ...(absent !== undefined && { sweepId: reference.sweepId }),
    ...(lastComplete !== undefined && { lastComplete }),
  };
}
