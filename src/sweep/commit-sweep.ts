import { createBatchBounds } from '../diff/batch-bounds.ts';
import { judgeChange, type SweepRules } from '../diff/judge-change.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import { leaseLost } from '../model/lease-lost.ts';
import { holdsEvents, type LogBatch, type Transition } from '../model/log-batch.ts';
import { applyBatches, batchesPerGroup } from './apply-log.ts';
import { batchHeader } from './batch-header.ts';
import type { CommitPlan } from './checkpoint.ts';
import type { ConnectionState } from './connection-state.ts';
import { growIndex } from './load-index.ts';
import type { Staging } from './staging.ts';
import type { Sweep } from './sweep.ts';

/** A commit that is executed: from which staged row on, over the state as it is now. */
export type CommitStart = {
  readonly plan: CommitPlan;
  readonly staging: Staging | undefined;
  readonly state: ConnectionState;
  readonly committedUpTo: number;
  /** Whether it may stop between two groups when the tick's time is over: what is left must be on record. */
  readonly mayStop: boolean;
};

export type CommitEnd = { readonly isDone: boolean; readonly state: ConnectionState };

/**
 * Commits what a sweep decided: log first, then entries, index and state, group by group. Answers the state that
 * follows; its last part is not saved yet, so that giving the lease back saves it in the same write.
 * @throws sweep.lease_lost
 */
export async function commitSweep(sweep: Sweep, start: CommitStart): Promise<CommitEnd> {
  const { ports, held, list, deadlineMs } = sweep;
  const { lease } = held;
  const added = Math.max(0, start.plan.expectedPairs - start.state.counts.pairs);
  let state = await growIndex(ports.store, { lease, state: start.state }, added);
  let group: LogBatch[] = [];
  for await (const part of partsOf(sweep, start)) {
    if (group.length === batchesPerGroup) {
      state = await applyBatches(ports.store, list.connectionId, state, group);
      await ports.store.saveState(lease, state);
      group = [];
      if (start.mayStop && ports.nowMs() >= deadlineMs) return { isDone: false, state };
    }
    const batch = buildBatch(sweep, start.plan, { after: group.at(-1) ?? state, part });
    if ((await ports.store.appendBatch(batch)) === 'taken') throw leaseLost(list.connectionId);
    group.push(batch);
  }
  return { isDone: true, state: await applyBatches(ports.store, list.connectionId, state, group) };
}

/** One part of a commit: a batch before it has a position. */
type BatchPart = {
  readonly transitions: readonly StagedTransition[];
  /** Staged rows that are dealt with once this part is committed. */
  readonly upTo: number;
  /** The conclusion stands in the last batch only: what it says holds once everything before it is committed. */
  readonly isLast: boolean;
};

/** What is committed, cut to the bounds of a batch. A commit without events of its own may have no part at all. */
async function* partsOf(sweep: Sweep, { plan, staging, committedUpTo }: CommitStart): AsyncIterable<BatchPart> {
  const bounds = createBatchBounds();
  let transitions: StagedTransition[] = [];
  let upTo = committedUpTo;
  for await (const { commit, number } of commitsOf(sweep, plan, { staging, from: committedUpTo })) {
    if (commit !== undefined) {
      if (bounds.beginsBatch(commit)) {
        yield { transitions, upTo, isLast: false };
        transitions = [];
      }
      transitions.push(commit);
    }
    upTo = number + 1;
  }
  if (transitions.length > 0 || plan.connectionChanges.length > 0) yield { transitions, upTo, isLast: true };
}

type Decided = { readonly commit?: StagedTransition; readonly number: number };

/** Staged rows as the plan has them committed. The same plan over the same rows always decides the same. */
async function* commitsOf(
  { holds, context, basis, projection }: Sweep,
  plan: CommitPlan,
  { staging, from }: { readonly staging: Staging | undefined; readonly from: number },
): AsyncIterable<Decided> {
  if (staging === undefined) return;
  const rules: SweepRules = {
    holds,
    isDecisive: plan.isDecisive,
    maskedFields: new Set(plan.maskedFields),
    heldKinds: new Set(plan.heldKinds),
  };
  for await (const rows of staging.read(from))
    for (const { number, transition } of rows) {
      const { commit, masked } = judgeChange(transition, rules, context);
      // Under another projection nobody can say what a user with a kept field is: he is found again.
      const isSame = masked.length === 0 || basis.projectionVersion === projection.version;
      yield { number, ...(commit && isSame && { commit }) };
    }
}

/** Where the log stands before a batch: the state, or the batch before it. */
type Before = ConnectionState | LogBatch;

function buildBatch(
  { ports, list, held }: Sweep,
  plan: CommitPlan,
  { after, part }: { readonly after: Before; readonly part: BatchPart },
): LogBatch {
  let sequence = 'lastSequence' in after ? after.lastSequence : after.sequence;
  const transitions = part.transitions.map(({ change, priorDigest: _, ...transition }): Transition => {
    if (change === undefined) return transition;
    sequence += 1;
    return { ...transition, change: { ...change, sequence } };
  });
  const connectionChanges = (part.isLast ? plan.connectionChanges : []).map((change) => {
    sequence += 1;
    return { ...change, sequence };
  });
  return {
    ...batchHeader(list, held, ports.nowMs()),
    position: after.position + 1,
    sweep: plan.stamp,
    transitions,
    connectionChanges,
    lastSequence: sequence,
    previousEventPosition: lastEventPosition(after),
    stagedUpTo: part.upTo,
    ...(part.isLast && { conclusion: plan.conclusion }),
  };
}

export function lastEventPosition(before: Before): number {
  if (!('transitions' in before)) return before.lastEvent.position;
  return holdsEvents(before) ? before.position : before.previousEventPosition;
}
