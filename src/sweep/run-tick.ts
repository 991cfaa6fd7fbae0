import { createDigester } from '../diff/digest.ts';
import { createProjection } from '../diff/projection.ts';
import { choosePurpose } from '../diff/sweep-policy.ts';
import { type FeedError, isFeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import { epochMs, type Instant, instant } from '../model/instant.ts';
import { holdsEvents, type LogBatch } from '../model/log-batch.ts';
import { finishSweep } from './finish-sweep.ts';
import { loadIndex } from './load-index.ts';
import type { LeaseAsk, SweepPorts, UserList } from './ports.ts';
import { type Sweep, sweepList } from './sweep-list.ts';
import type { SweepReport } from './sweep-report.ts';
import { type Held, rollForward } from './take-lease.ts';

export type TickAsk = Pick<LeaseAsk, 'holder' | 'ownsAllLeases'> & {
  /** The tick stops fetching here. */
  readonly deadlineMs: number;
  /** The lease lasts until here: later than the process can still be running. */
  readonly leaseEndsAtMs: number;
  /** The due time for which the tick was asked; a sweep that has moved it makes the request stale. */
  readonly dueAt?: Instant;
};

/** `busy`: another worker sweeps. `stale`: the sweep asked for has been done. `unknown`: there is no such connection. */
export type TickResult =
  | { readonly kind: 'busy' | 'stale' | 'unknown' }
  | {
      readonly kind: 'swept';
      readonly report: SweepReport;
      /** Why old events are still unpublished. They stay in the log; no reason not to sweep. */
      readonly publishFault?: FeedError;
    };

/**
 * One tick of one connection's sweep: lease, roll forward, load the index, pages, diff, verdict, commit, report.
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
    const state = await rollForward(ports, list, { lease, state: answer.state }, tookOver);
    if (ask.dueAt !== undefined && ask.dueAt !== state.dueAt) {
      await ports.store.releaseLease(lease, { ...state, attempts: 0 });
      return { kind: 'stale' };
    }
    const publishFault = await republishOld(ports, { lease, state });
    const report = await sweepOnce(ports, list, { lease, state }, ask.deadlineMs);
    return { kind: 'swept', report, ...(publishFault !== undefined && { publishFault }) };
  } catch (error) {
    // A write may still be under way, so the lease is not given back as if nothing were: the next one begins with a fence.
    await ports.store.abandonLease(lease, ports.nowMs()).catch(() => undefined);
    if (isFeedError(error, 'sweep.lease_lost')) return { kind: 'busy' };
    throw error;
  }
}

async function sweepOnce(ports: SweepPorts, list: UserList, held: Held, deadlineMs: number): Promise<SweepReport> {
  const startedAtMs = ports.nowMs();
  const loaded = await loadIndex(ports.store, held);
  const { state } = loaded;
  const projection = createProjection(list.projection, list.ignoredFields, ports.hashText);
  if (state.projectionVersion !== projection.version)
    await ports.store.writeProjection(list.connectionId, projection.version, projection.meanings);
  const purpose = choosePurpose(state.lastComplete, list);
  const sweep: Sweep = {
    sweepId: ports.newSweepId(startedAtMs),
    startedAt: instant(startedAtMs),
    deadlineMs,
    index: loaded.index,
    projection,
    digester: createDigester(state.digestKey),
    policy: {
      purpose,
      baseline: list.baseline,
      sameDirectory: state.lastComplete === undefined || state.lastComplete.directory === list.directory,
      ...(purpose !== 'baseline' && state.directorySince !== undefined && { directorySince: state.directorySince }),
    },
  };
  const swept = await sweepList(ports, list, state, sweep);
  return finishSweep(ports, list, { lease: held.lease, state }, sweep, swept);
}

/** What the stream should have published long ago is published here: a lost stream record is no lost event. */
async function republishOld(ports: SweepPorts, { lease, state }: Held): Promise<FeedError | undefined> {
  const oldest = await findUnpublished(ports, lease.connectionId, state.lastEvent.position);
  if (oldest === undefined || epochMs(oldest.committedAt) > ports.nowMs() - republishAfterMs) return undefined;
  try {
    await ports.republish(lease.connectionId);
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
