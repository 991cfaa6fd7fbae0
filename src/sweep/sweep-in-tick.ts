import { maxBatchBytes, maxTransitionsPerBatch } from '../diff/batch-bounds.ts';
import { FeedError, isFeedError } from '../model/feed-error.ts';
import { instant } from '../model/instant.ts';
import { beginSweep, isSameBasis, projectionOf } from './begin-sweep.ts';
import type { Checkpoint, CommitPlan, WalkProgress } from './checkpoint.ts';
import { chooseMode } from './choose-mode.ts';
import { describeFailure } from './collect-pages.ts';
import { commitSweep } from './commit-sweep.ts';
import type { PageComparison } from './compare-pages.ts';
import { type Concluded, concludeSweep } from './conclude-sweep.ts';
import type { ConnectionState } from './connection-state.ts';
import { finishSweep } from './finish-sweep.ts';
import { loadIndex } from './load-index.ts';
import { checkpointBlobs } from './named-blobs.ts';
import type { SweepPorts, UserList } from './ports.ts';
import { openStaging, stagedBlobs } from './staging.ts';
import type { Sweep } from './sweep.ts';
import { type Held, rollForward } from './take-lease.ts';
import { maxAttempts, type TickAsk, type TickResult } from './tick.ts';
import { blobPrefix, type WalkedList, walkList, weigh } from './walk-list.ts';

/** Goes on with the sweep that a tick before has left, or begins one; until its end or the tick's. */
export async function sweepInTick(ports: SweepPorts, list: UserList, held: Held, ask: TickAsk): Promise<TickResult> {
  const loaded = await loadIndex(ports.store, held);
  const current = { lease: held.lease, state: loaded.state };
  const checkpoint = await usableCheckpoint(ports, list, loaded.state, ask);
  const mode = chooseMode(loaded.state, list, { ...ask, nowMs: ports.nowMs() });
  const start = { held: current, index: loaded.index, mode, deadlineMs: ask.deadlineMs };
  try {
    const sweep = await beginSweep(ports, list, { ...start, ...(checkpoint && { checkpoint }) });
    return await continueSweep(sweep, checkpoint);
  } catch (error) {
    if (!isFeedError(error, 'sweep.checkpoint_gone')) throw error;
    return startOver(ports, list, current, ask);
  }
}

/**
 * A new sweep in place of one whose checkpoint is of no use: from where the log stands by now, for a part of the old one
 * may be committed. Whatever else it had found is found again.
 */
async function startOver(ports: SweepPorts, list: UserList, held: Held, ask: TickAsk): Promise<TickResult> {
  const { checkpoint, ...rest } = await rollForward(ports, list, held, false);
  if (checkpoint !== undefined) await ports.store.deleteBlobs(list.connectionId, checkpointBlobs(checkpoint));
  const { index, state } = await loadIndex(ports.store, { lease: held.lease, state: rest });
  const mode = chooseMode(state, list, { ...ask, nowMs: ports.nowMs() });
  const start = { held: { lease: held.lease, state }, index, mode, deadlineMs: ask.deadlineMs };
  return continueSweep(await beginSweep(ports, list, start), undefined);
}

/** The checkpoint, unless it is that of another list or another mapping. What is decided is executed in any case. */
async function usableCheckpoint(
  ports: SweepPorts,
  list: UserList,
  { checkpoint }: ConnectionState,
  { mode }: Pick<TickAsk, 'mode'>,
): Promise<Checkpoint | undefined> {
  if (checkpoint === undefined || checkpoint.phase === 'commit') return checkpoint;
  // Whoever asks for the whole list does not want the rest of a delta.
  const isWanted = mode !== 'full' || checkpoint.basis.mode === 'full';
  if (isWanted && isSameBasis(checkpoint.basis, list, projectionOf(ports, list))) return checkpoint;
  await ports.store.deleteBlobs(list.connectionId, checkpointBlobs(checkpoint));
  return undefined;
}

async function continueSweep(sweep: Sweep, checkpoint: Checkpoint | undefined): Promise<TickResult> {
  if (checkpoint?.phase === 'commit') return executePlan(sweep, checkpoint);
  const unsupported = checkpoint === undefined ? await refuseDelta(sweep) : undefined;
  if (unsupported !== undefined) return commitConcluded(sweep, await concludeSweep(sweep, unsupported), checkpoint);
  const result = await walkList(sweep, checkpoint);
  if (result.kind === 'walked') return commitConcluded(sweep, await concludeWalk(sweep, result), checkpoint);
  const { comparison, progress, pages } = result;
  const { attempts } = sweep.held.state;
  if (pages > 0 || attempts < maxAttempts) return suspendWalk(sweep, { comparison, progress, pages, checkpoint });
  const failed = weigh(sweep, comparison, withFailure(progress, outOfTime(sweep, progress)));
  return commitConcluded(sweep, await concludeSweep(sweep, failed), checkpoint);
}

/** Where somebody is missing of whom there is no entry any more, the list proves nothing. */
async function concludeWalk(sweep: Sweep, walked: WalkedList): Promise<Concluded> {
  try {
    return await concludeSweep(sweep, walked);
  } catch (error) {
    if (!isFeedError(error, 'sweep.entries_lost')) throw error;
    const { comparison, progress } = walked;
    return concludeSweep(sweep, weigh(sweep, comparison, withFailure(progress, error)));
  }
}

/** A delta that its vendor cannot do ends before it began. */
async function refuseDelta(sweep: Sweep): Promise<WalkedList | undefined> {
  const { list, basis, deadlineMs } = sweep;
  if (basis.mode !== 'delta' || list.supportsDelta === undefined) return undefined;
  let failure: ReturnType<typeof describeFailure>;
  try {
    if (await list.supportsDelta(deadlineMs)) return undefined;
    const message = `${list.vendor} (${list.connectionId}): the vendor's list has no filter on the time of a change here; only full sweeps go on`;
    failure = describeFailure(new FeedError('sweep.delta_unsupported', message, { connectionId: list.connectionId }));
  } catch (error) {
    failure = describeFailure(error);
  }
  const { comparison, progress } = await walkNothing(sweep);
  return weigh(sweep, comparison, { ...progress, evidence: { ...progress.evidence, failure } });
}

async function walkNothing(sweep: Sweep): Promise<{ comparison: PageComparison; progress: WalkProgress }> {
  return walkList({ ...sweep, deadlineMs: Number.NEGATIVE_INFINITY });
}

function withFailure(progress: WalkProgress, failure: FeedError): WalkProgress {
  return { ...progress, evidence: { ...progress.evidence, failure: describeFailure(failure) } };
}

function outOfTime({ list }: Sweep, { evidence: { pages } }: WalkProgress): FeedError {
  const message = `${list.vendor} (${list.connectionId}): ${maxAttempts} ticks in a row had not the time for one more page, after ${pages} of them`;
  return new FeedError('sweep.out_of_time', message, { pagesFetched: pages });
}

type Suspended = {
  readonly comparison: PageComparison;
  readonly progress: WalkProgress;
  readonly pages: number;
  readonly checkpoint: Checkpoint | undefined;
};

/** Keeps what the walk has found for the next tick. A tick that got on counts as no failed attempt. */
async function suspendWalk(sweep: Sweep, { comparison, progress, pages, checkpoint }: Suspended): Promise<TickResult> {
  const { ports, list, held, basis } = sweep;
  const compared = blobPrefix(sweep, `compared-${progress.walks}`);
  await ports.store.writeBlob(list.connectionId, compared, comparison.save(), 'expires');
  const staged = await comparison.staging.save();
  const next: Checkpoint = { phase: 'walk', basis, tick: sweep.tick + 1, staged, progress, compared };
  const state = { ...held.state, checkpoint: next, ...(pages > 0 && { attempts: 0 }) };
  await ports.store.releaseLease(held.lease, state);
  if (checkpoint?.phase === 'walk') await ports.store.deleteBlobs(list.connectionId, [checkpoint.compared]);
  return suspended(sweep, state, pages);
}

function suspended({ list, basis, tick }: Sweep, { dueAt }: ConnectionState, pages: number): TickResult {
  const continues = { sweepId: basis.sweepId, tick: tick + 1 };
  return { kind: 'suspended', next: { connectionId: list.connectionId, dueAt, continues }, pages };
}

/** Commits what was decided: at once where it is one batch, else with the decision on record first. */
async function commitConcluded(
  sweep: Sweep,
  { plan, staging, records, size, isNothing }: Concluded,
  checkpoint: Checkpoint | undefined,
): Promise<TickResult> {
  const { ports, held, basis, tick } = sweep;
  for (const record of records) await ports.store.writeHold(record);
  // Events name the sweep they come from, so its report is there before any of them.
  await writeReport(sweep, plan);
  const walkBlobs = checkpoint === undefined ? [] : checkpointBlobs(checkpoint);
  const isOneBatch = size.changes <= maxTransitionsPerBatch && size.bytes + size.changes <= maxBatchBytes / 2;
  if (isOneBatch || isNothing) {
    const committed = isNothing ? undefined : staging;
    const { state } = await commitSweep(sweep, {
      plan,
      staging: committed,
      state: held.state,
      committedUpTo: 0,
      mayStop: false,
    });
    const garbage = [...walkBlobs, ...stagedBlobs(staging.written)];
    return { kind: 'swept', report: await finishSweep(sweep, plan, state, garbage) };
  }
  const staged = await staging.save();
  const decided = { phase: 'commit', basis, tick, staged, plan, committedUpTo: 0 } as const;
  const state = { ...held.state, checkpoint: decided };
  await ports.store.saveState(held.lease, state);
  if (checkpoint?.phase === 'walk') await ports.store.deleteBlobs(sweep.list.connectionId, [checkpoint.compared]);
  return executePlan({ ...sweep, held: { ...held, state } }, decided);
}

async function writeReport({ ports }: Sweep, { report }: CommitPlan): Promise<void> {
  await ports.store.writeReport({ ...report, endedAt: instant(ports.nowMs()) });
}

type CommitCheckpoint = Extract<Checkpoint, { readonly phase: 'commit' }>;

async function executePlan(sweep: Sweep, checkpoint: CommitCheckpoint): Promise<TickResult> {
  const { ports, list, held, protector } = sweep;
  const { committedUpTo, staged } = checkpoint;
  const plan = { ...checkpoint.plan, report: { ...checkpoint.plan.report, ticks: sweep.tick } };
  const finish = async (state: ConnectionState): Promise<TickResult> => ({
    kind: 'swept',
    report: await finishSweep(sweep, plan, state, stagedBlobs(staged)),
  });
  // The tick that decided has written it already.
  if (sweep.tick !== checkpoint.plan.report.ticks) await writeReport(sweep, plan);
  if (checkpoint.isConcluded) return finish(held.state);
  const staging = await openStaging(
    {
      blobs: ports.store,
      connectionId: list.connectionId,
      prefix: blobPrefix(sweep, 'staged'),
      protect: protector.protectTransition,
    },
    staged,
  );
  const { isDone, state } = await commitSweep(sweep, {
    plan,
    staging,
    state: held.state,
    committedUpTo,
    mayStop: true,
  });
  if (isDone) return finish(state);
  const { checkpoint: committed } = state;
  const next = { ...state, attempts: 0, ...(committed && { checkpoint: { ...committed, tick: sweep.tick + 1 } }) };
  await ports.store.releaseLease(held.lease, next);
  return suspended(sweep, next, 0);
}
