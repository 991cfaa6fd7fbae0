import { type FeedError, isFeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import { epochMs, instant } from '../model/instant.ts';
import { holdsEvents, type LogBatch } from '../model/log-batch.ts';
import { clearAway } from './clear-away.ts';
import type { ConnectionState } from './connection-state.ts';
import { executeRequests } from './execute-requests.ts';
import { backOffMs } from './next-due.ts';
import type { Lease, SweepPorts, UserList } from './ports.ts';
import { sweepInTick } from './sweep-in-tick.ts';
import { takeEpoch } from './take-epoch.ts';
import { type Held, rollForward } from './take-lease.ts';
import { deathsOf, type TickAsk, type TickResult } from './tick.ts';

/**
 * One tick of one connection's sweep: lease, roll forward, requests, load the index, pages, verdict, commit, report.
 *
 * Whatever happens in between, the log decides: a tick that dies leaves either nothing or a commit that the next
 * tick finishes. Vendor faults do not throw; they stand in the report.
 * @throws store.*, internal.invariant
 */
export async function runTick(ports: SweepPorts, list: UserList, ask: TickAsk): Promise<TickResult> {
  const { connectionId } = list;
  const answer = await ports.store.acquireLease(connectionId, {
    holder: ask.holder,
    ownsAllLeases: ask.ownsAllLeases,
    nowMs: ports.nowMs(),
    expiresAtMs: ask.leaseEndsAtMs,
  });
  if (answer.kind === 'held') return { kind: 'busy' };
  if (answer.kind === 'unknown_connection') return { kind: 'unknown' };
  const { lease, tookOver } = answer;
  try {
    const rolled = await rollForward(ports, list, { lease, state: answer.state }, tookOver);
    const state = await takeEpoch(ports, { lease, state: rolled });
    if (tookOver) await clearAway(ports, { lease, state });
    return await runHeld(ports, list, { lease, state }, ask);
  } catch (error) {
    // A write may still be under way, so the lease is not given back as if nothing were: the next one begins with a fence.
    await ports.store.abandonLease(lease, ports.nowMs()).catch(() => undefined);
    if (isFeedError(error, 'sweep.lease_lost')) return { kind: 'busy' };
    throw error;
  }
}

async function runHeld(ports: SweepPorts, list: UserList, held: Held, ask: TickAsk): Promise<TickResult> {
  const { lease } = held;
  const { checkpoint } = held.state;
  // A commit that is decided is finished before anything else is asked of the connection.
  const asked = checkpoint?.phase === 'commit' ? held.state : await executeRequests(ports, list, held);
  if (asked.removedAt !== undefined) {
    await ports.store.releaseLease(lease, { ...asked, attempts: 0 });
    return { kind: 'removed' };
  }
  if (isStale(asked, ask)) {
    // Nothing was tried, so nothing counts: neither for nor against the ticks before.
    await ports.store.releaseLease(lease, { ...asked, attempts: asked.attempts - 1 });
    return { kind: 'stale' };
  }
  const publishFault = await republishOld(ports, { lease, state: asked });
  const state = await backOff(ports, list, lease, asked);
  const result = await sweepInTick(ports, list, { lease, state }, ask);
  return result.kind === 'swept' && publishFault !== undefined ? { ...result, publishFault } : result;
}

function isStale({ dueAt, checkpoint }: ConnectionState, ask: TickAsk): boolean {
  const { continues } = ask;
  if (continues !== undefined)
    return checkpoint?.basis.sweepId !== continues.sweepId || checkpoint.tick !== continues.tick;
  return ask.dueAt !== undefined && ask.dueAt !== dueAt;
}

/**
 * Moves the due time of a connection whose ticks keep dying before the next one tries: later and later, and from the
 * first page, in case it is what was kept that kills them.
 */
async function backOff(
  ports: SweepPorts,
  list: UserList,
  lease: Lease,
  state: ConnectionState,
): Promise<ConnectionState> {
  const failures = deathsOf(state);
  if (failures === 0) return state;
  const { checkpoint, ...rest } = state;
  const dueAt = instant(
    ports.nowMs() + backOffMs({ everySeconds: list.everySeconds, failures, failureCode: undefined }),
  );
  const isDecided = checkpoint?.phase === 'commit';
  // Whoever watches over connections sees it at once.
  const watchAt = instant(ports.nowMs());
  const next = { ...rest, dueAt, watchAt, ...(isDecided && { checkpoint }) };
  await ports.store.saveState(lease, next);
  return next;
}

/** What the stream should have published long ago is published here: a lost stream record is no lost event. */
async function republishOld(ports: SweepPorts, { lease, state }: Held): Promise<FeedError | undefined> {
  const oldest = await findUnpublished(ports, lease.connectionId, state.lastEvent.position);
  if (oldest === undefined || epochMs(oldest.committedAt) > ports.nowMs() - republishAfterMs) return undefined;
  try {
    await ports.republish(lease.connectionId, oldest.committedAt);
    return undefined;
  } catch (error) {
    if (isFeedError(error) && error.code.startsWith('publish.')) return error;
    throw error;
  }
}

/** The oldest batch with events that is not on the bus yet. */
async function findUnpublished(
  { store }: SweepPorts,
  connectionId: ConnectionId,
  lastEventPosition: number,
): Promise<LogBatch | undefined> {
  const published = await store.readPublished(connectionId);
  if (published >= lastEventPosition) return undefined;
  for await (const batch of store.readLog(connectionId, published)) if (holdsEvents(batch)) return batch;
  return undefined;
}

/** The stream delivers within seconds; what is unpublished after this is taken to be lost. */
export const republishAfterMs = 5 * 60_000;
