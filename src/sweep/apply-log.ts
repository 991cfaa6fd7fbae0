import { sharedKeyDigest } from '../diff/digest.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import { epochMs, instant } from '../model/instant.ts';
import { holdsEvents, type LogBatch, type SweepConclusion, type Transition } from '../model/log-batch.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { ConnectionState, HourCount } from './connection-state.ts';
import type { PositionedPairChange, SweepStore } from './ports.ts';

/** Batches applied together: entries and shards that several of them touch are written once. */
export const batchesPerGroup = 100;

/**
 * Applies committed batches to entries, then to the index, and answers the state that follows. The caller saves it
 * last: log, entries, index, state. Repeating any part of this is harmless.
 */
export async function applyBatches(
  store: SweepStore,
  connectionId: ConnectionId,
  state: ConnectionState,
  batches: readonly LogBatch[],
): Promise<ConnectionState> {
  const last = batches.at(-1);
  if (last === undefined) return state;
  assertContiguous(state, batches);
  await store.writeEntries(connectionId, latestEntries(batches));
  const changes = batches.flatMap((batch) => batch.transitions.map((transition) => pairChange(transition, batch)));
  if (changes.length > 0) await store.applyPairs(connectionId, state.layout, changes, last.position);
  return batches.reduce(stateAfter, state);
}

/** Of whoever is gone only what a return needs is kept; who he was stands in the log, as long as that lasts. */
export function shrinkTombstone(entry: SnapshotEntry): SnapshotEntry {
  const { id, status } = entry.user;
  return entry.presence === 'gone' ? { ...entry, user: { id, status } } : entry;
}

/** The last entry of each user, as it is kept: the ones before it would be overwritten at once. */
export function latestEntries(batches: readonly LogBatch[]): readonly SnapshotEntry[] {
  const entries = new Map<string, SnapshotEntry>();
  for (const { transitions } of batches) for (const { entry } of transitions) entries.set(entry.userId, entry);
  return [...entries.values()].map(shrinkTombstone);
}

function pairChange({ entry, pair }: Transition, { position }: LogBatch): PositionedPairChange {
  const digests = { digest: entry.digest, shared: sharedKeyDigest, none: null };
  return { keyHash: entry.keyHash, digest: digests[pair], position };
}

/** The state after one more batch: a function of the two alone, so every worker comes to the same. */
function stateAfter(state: ConnectionState, batch: LogBatch): ConnectionState {
  const counts = batch.transitions.reduce(
    (sum, transition) => ({
      pairs: sum.pairs + transition.counts.pairs,
      live: sum.live + transition.counts.live,
      tombstones: sum.tombstones + transition.counts.tombstones,
    }),
    state.counts,
  );
  const { conclusion } = batch;
  const after: ConnectionState = {
    ...state,
    position: batch.position,
    sequence: batch.lastSequence,
    counts,
    recent: countRecent(state.recent, batch),
    ...(holdsEvents(batch) && { lastEvent: { position: batch.position, at: batch.committedAt } }),
  };
  const next = removeFrom(advanceCheckpoint(after, batch), batch);
  return conclusion === undefined ? next : concludedState(next, conclusion);
}

/** How far the sweep that is under way has come: a batch of its own ends its walk, or goes on with its commit. */
function advanceCheckpoint(state: ConnectionState, batch: LogBatch): ConnectionState {
  const { checkpoint, ...rest } = state;
  if (checkpoint === undefined || checkpoint.basis.sweepId !== batch.sweep?.sweepId) return state;
  if (checkpoint.phase === 'walk') return rest;
  const isConcluded = batch.conclusion !== undefined;
  const committedUpTo = batch.stagedUpTo ?? checkpoint.committedUpTo;
  return { ...rest, checkpoint: { ...checkpoint, committedUpTo, ...(isConcluded && { isConcluded }) } };
}

/** The state of a connection that is removed. Whoever adds it again begins with a baseline. */
function removeFrom(state: ConnectionState, { connectionChanges, committedAt }: LogBatch): ConnectionState {
  const removal = connectionChanges.find((change) => change.type === 'removed');
  if (removal === undefined) return state;
  const { lastComplete: _, ...known } = state;
  return { ...known, holds: [], removedAt: committedAt, removedBy: removal.requestId };
}

/** What a sweep concluded, in the state. */
export function concludedState(state: ConnectionState, conclusion: SweepConclusion): ConnectionState {
  const { acknowledged: _, ...before } = state;
  const { acknowledged = [], ...concluded } = conclusion;
  return { ...before, ...concluded, ...(acknowledged.length > 0 && { acknowledged }) };
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The hours of the last day in which changes were published. Neither a baseline nor what was approved counts. */
function countRecent(recent: readonly HourCount[], batch: LogBatch): readonly HourCount[] {
  const counted = batch.transitions.filter(
    ({ change }) => change !== undefined && change.origin !== 'baseline' && change.releasedFrom === undefined,
  );
  if (counted.length === 0) return recent;
  const committedAtMs = epochMs(batch.committedAt);
  const hour = instant(committedAtMs - (committedAtMs % hourMs));
  const none = { hour, lastAt: batch.committedAt, created: 0, updated: 0, status_changed: 0, deleted: 0 };
  const before = recent.find((counts) => counts.hour === hour) ?? none;
  const counts = { ...before, lastAt: batch.committedAt };
  for (const { change } of counted) if (change !== undefined) counts[change.type] += 1;
  const kept = recent.filter((other) => other.hour !== hour && epochMs(other.lastAt) > committedAtMs - dayMs);
  return [...kept, counts];
}

function assertContiguous(state: ConnectionState, batches: readonly LogBatch[]): void {
  for (const [ahead, { position }] of batches.entries()) {
    if (position === state.position + 1 + ahead) continue;
    const message = `the log goes on at position ${position} where ${state.position + 1 + ahead} was expected`;
    throw new FeedError('internal.invariant', message, { invariant: 'log_contiguous' });
  }
}
