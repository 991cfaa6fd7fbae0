import { packBatches } from '../diff/pack-batches.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import { leaseLost } from '../model/lease-lost.ts';
import {
  type ConnectionChange,
  holdsEvents,
  type LogBatch,
  type SweepConclusion,
  type SweepStamp,
  type Transition,
} from '../model/log-batch.ts';
import { applyBatches, batchesPerGroup, concluded } from './apply-log.ts';
import { batchHeader } from './batch-header.ts';
import type { ConnectionState } from './connection-state.ts';
import { growIndex } from './load-index.ts';
import type { SweepPorts, UserList } from './ports.ts';
import type { Sweep, Swept } from './sweep-list.ts';
import type { Held } from './take-lease.ts';

/** What one sweep commits. */
type Commit = {
  readonly stamp: SweepStamp;
  readonly transitions: readonly StagedTransition[];
  readonly connectionChanges: readonly ConnectionChange['type'][];
  /** Present after a complete sweep. */
  readonly conclusion?: SweepConclusion;
};

/**
 * Commits what a sweep found: log first, then entries, index and state, group by group. Answers the state that
 * follows; its last part is not saved yet, so that giving the lease back saves it in the same write.
 * @throws sweep.lease_lost
 */
export async function commitSweep(
  ports: SweepPorts,
  list: UserList,
  held: Held,
  sweep: Sweep,
  swept: Swept,
): Promise<ConnectionState> {
  const commit = await planCommit(ports, list, sweep, swept);
  const added = commit.transitions.reduce((sum, { counts }) => sum + counts.pairs, 0);
  let state = await growIndex(ports.store, held, added);
  const batches = packCommit(commit);
  for (let from = 0; from < batches.length; from += batchesPerGroup) {
    if (from > 0) await ports.store.saveState(held.lease, state);
    const group: LogBatch[] = [];
    for (const part of batches.slice(from, from + batchesPerGroup)) {
      const batch = buildBatch(ports, list, held, { after: group.at(-1) ?? state, part, commit });
      if ((await ports.store.appendBatch(batch)) === 'taken') throw leaseLost(list.connectionId);
      group.push(batch);
    }
    state = await applyBatches(ports.store, list.connectionId, state, group);
  }
  return commit.conclusion === undefined ? state : { ...state, ...concluded(commit.conclusion) };
}

async function planCommit({ store }: SweepPorts, list: UserList, sweep: Sweep, swept: Swept): Promise<Commit> {
  const isComplete = swept.deniedBy.length === 0;
  const { sweepId, startedAt, policy } = sweep;
  const usersSeen = swept.evidence.distinctUsers;
  const stamp: SweepStamp = { sweepId, mode: 'full', startedAt, complete: isComplete, usersSeen };
  const { transitions } = swept;
  if (!isComplete) return { stamp, transitions, connectionChanges: [] };
  const absent =
    swept.absent.length === 0
      ? { sweepId, count: 0, chunks: 0 }
      : await store.writeAbsentList(list.connectionId, sweepId, swept.absent);
  return {
    stamp,
    transitions,
    connectionChanges: [
      ...(policy.purpose === 'baseline' ? (['baseline_completed'] as const) : []),
      ...(list.emitSweepCompleted ? (['sweep_completed'] as const) : []),
    ],
    conclusion: {
      sweepId,
      startedAt,
      directory: list.directory,
      scope: list.scope,
      directorySince: policy.directorySince ?? startedAt,
      absent,
    },
  };
}

/** One part of a commit: a batch before it has a position. */
type BatchPart = {
  readonly transitions: readonly StagedTransition[];
  readonly connectionChanges: readonly ConnectionChange['type'][];
  /** The conclusion stands in the last batch only: what it says holds once everything before it is committed. */
  readonly isLast: boolean;
};

function packCommit({ transitions, connectionChanges }: Commit): readonly BatchPart[] {
  const packed = packBatches(transitions);
  const parts = packed.length === 0 && connectionChanges.length > 0 ? [[]] : packed;
  return parts.map((part, at) => {
    const isLast = at === parts.length - 1;
    return { transitions: part, connectionChanges: isLast ? connectionChanges : [], isLast };
  });
}

/** Where the log stands before a batch: the state, or the batch before it. */
type Before = ConnectionState | LogBatch;

function buildBatch(
  { nowMs }: SweepPorts,
  list: UserList,
  held: Held,
  { after, part, commit }: { readonly after: Before; readonly part: BatchPart; readonly commit: Commit },
): LogBatch {
  let sequence = 'lastSequence' in after ? after.lastSequence : after.sequence;
  const numbered = part.transitions.map(({ change, ...transition }): Transition => {
    if (change === undefined) return transition;
    sequence += 1;
    return { ...transition, change: { ...change, sequence } };
  });
  const connectionChanges = part.connectionChanges.map((type) => {
    sequence += 1;
    return { type, sequence };
  });
  return {
    ...batchHeader(list, held, nowMs()),
    position: after.position + 1,
    sweep: commit.stamp,
    transitions: numbered,
    connectionChanges,
    lastSequence: sequence,
    previousEventPosition: lastEventPosition(after),
    ...(part.isLast && commit.conclusion && { conclusion: commit.conclusion }),
  };
}

function lastEventPosition(before: Before): number {
  if (!('transitions' in before)) return before.lastEvent.position;
  return holdsEvents(before) ? before.position : before.previousEventPosition;
}
