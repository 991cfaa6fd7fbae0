import { sharedKeyDigest } from '../diff/digest.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import { holdsEvents, type LogBatch, type Transition } from '../model/log-batch.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { ConnectionState } from './connection-state.ts';
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

/** The last entry of each user: the ones before it would be overwritten at once. */
function latestEntries(batches: readonly LogBatch[]): readonly SnapshotEntry[] {
  const entries = new Map<string, SnapshotEntry>();
  for (const { transitions } of batches) for (const { entry } of transitions) entries.set(entry.userId, entry);
  return [...entries.values()];
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
  return {
    ...state,
    position: batch.position,
    sequence: batch.lastSequence,
    counts,
    ...(holdsEvents(batch) && { lastEvent: { position: batch.position, at: batch.committedAt } }),
    ...(conclusion && concluded(conclusion)),
  };
}

/** What a complete sweep changes in the state. */
export function concluded(
  conclusion: NonNullable<LogBatch['conclusion']>,
): Pick<ConnectionState, 'lastComplete' | 'directorySince' | 'absent'> {
  const { sweepId, startedAt, directory, scope, directorySince, absent } = conclusion;
  return { lastComplete: { sweepId, startedAt, directory, scope }, directorySince, absent };
}

function assertContiguous(state: ConnectionState, batches: readonly LogBatch[]): void {
  for (const [ahead, { position }] of batches.entries()) {
    if (position === state.position + 1 + ahead) continue;
    const message = `the log goes on at position ${position} where ${state.position + 1 + ahead} was expected`;
    throw new FeedError('internal.invariant', message, { invariant: 'log_contiguous' });
  }
}
