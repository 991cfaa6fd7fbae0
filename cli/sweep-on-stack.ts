import { FeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { epochMs } from '../src/model/instant.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import type { SweepQueue } from '../src/queue/sqs-sweep-queue.ts';
import type { FeedStore } from '../src/store/create-store.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import type { EventFollower } from './follow-events.ts';
import { lookAtSweep, pagesOf, progressOf, type Sight } from './look-at-sweep.ts';

export type StackSweeping = {
  readonly store: Pick<FeedStore, 'readConnection' | 'readState' | 'listReports' | 'readPublished'>;
  /** Sweeps of the stack fail without a word where this throws. @throws store.restored, config.invalid */
  readonly readEpoch: (known: number) => Promise<number>;
  readonly queue: SweepQueue;
  /** Follows what is committed after this state. */
  readonly follow: (id: ConnectionId, from: ConnectionState | undefined, published: number) => EventFollower;
  readonly onSuspended?: ((pages: number) => void) | undefined;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Where to look when nothing moves. */
  readonly explainSilence: (id: ConnectionId, minutes: number) => string;
};

/** The first looks come quickly, for small lists; then they are as rare as a long sweep allows. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** A tick may read pages for 15 minutes before it writes anything that can be seen; a message waits a little before it. */
export const maxSilenceMs = 20 * 60_000;
/** The stream delivers within seconds. What takes longer is published all the same, and nobody has to wait for it. */
export const maxPublishSilenceMs = 60_000;
/** Another sweep may have been under way, or a delta that was due: then it is asked once more. */
const maxAsks = 3;

/**
 * Asks a deployed stack for a sweep and watches it to its end from outside: nothing sweeps here, and whoever stops
 * watching stops nothing. What the sweep publishes is told as soon as it is on the bus.
 * @throws queue.unavailable, store.*, config.invalid; Error where nothing has moved for too long
 */
export async function sweepOnStack(
  sweeping: StackSweeping,
  id: ConnectionId,
  mode?: SweepMode,
): Promise<TickResult | undefined> {
  const { store, nowMs } = sweeping;
  const connection = await store.readConnection(id);
  if (connection === undefined) return { kind: 'unknown' };
  const first = await lookAtSweep(store, id);
  await sweeping.readEpoch(first.state?.epoch ?? 0);
  const follower = sweeping.follow(id, first.state, await store.readPublished(id));
  let before = first;
  for (let asks = 1; ; asks += 1) {
    const askedAtMs = nowMs();
    await ask(sweeping, connection, mode);
    const ended = await watchSweep(sweeping, { id, before, follower });
    const isAnswered = ended.report === undefined || isAnswer(ended.report, { before, askedAtMs, mode });
    before = ended.sight;
    if (!isAnswered && asks < maxAsks) continue;
    await waitForEvents(sweeping, id, follower);
    return ended.report === undefined ? { kind: 'removed' } : { kind: 'swept', report: ended.report };
  }
}

async function ask(
  { queue }: StackSweeping,
  { id, tenantId }: { readonly id: ConnectionId; readonly tenantId: string },
  mode: SweepMode | undefined,
): Promise<void> {
  // Without a due time: it is swept whether it is due or not, paused or failing.
  const message = { connectionId: id, ...(mode && { mode }) };
  if ((await queue.send([{ message, tenantId }])).length === 0) return;
  throw new FeedError('queue.unavailable', `the sweep queue did not take the message for ${id}; try again`, {
    messages: 1,
  });
}

type Watched = { readonly id: ConnectionId; readonly before: Sight; readonly follower: EventFollower };
/** Without a report where the connection was removed. */
type Ended = { readonly sight: Sight; readonly report?: SweepReport };

async function watchSweep(sweeping: StackSweeping, { id, before, follower }: Watched): Promise<Ended> {
  const { store, nowMs, sleep } = sweeping;
  let seen = before;
  let movedAtMs = nowMs();
  let pauseMs = firstPauseMs;
  for (;;) {
    await sleep(pauseMs);
    const sight = await lookAtSweep(store, id);
    if (sight.state !== undefined) await follower.tell(sight.state.lastEvent);
    if (await isRemoved(sweeping, id, sight)) return { sight };
    const report = endedSweep(before, sight);
    if (report !== undefined) return { sight, report };
    if (progressOf(sight) !== progressOf(seen)) {
      tellSuspension(sweeping, seen, sight);
      movedAtMs = nowMs();
    } else if (nowMs() - movedAtMs >= maxSilenceMs)
      throw new Error(sweeping.explainSilence(id, Math.round(maxSilenceMs / 60_000)));
    seen = sight;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  }
}

/** The settings go last. */
async function isRemoved({ store }: StackSweeping, id: ConnectionId, { state }: Sight): Promise<boolean> {
  return state?.removedAt !== undefined && (await store.readConnection(id)) === undefined;
}

/** The report of a sweep that has ended since; while one was open before, there was none to compare with. */
function endedSweep(before: Sight, { newest }: Sight): SweepReport | undefined {
  return newest?.sweepId === before.newest?.sweepId ? undefined : newest;
}

function openSweep({ state }: Sight): string | undefined {
  return state?.checkpoint?.basis.sweepId;
}

/**
 * Whether a sweep that has ended is the one that was asked for. One that goes on with an open sweep is; a delta is none
 * for who wants the whole list, nor is what another worker had begun before: then the message found it at work and was dropped.
 */
function isAnswer(
  report: SweepReport,
  asked: { readonly before: Sight; readonly askedAtMs: number; readonly mode: SweepMode | undefined },
): boolean {
  if (report.mode === 'delta' && asked.mode === 'full') return false;
  if (report.sweepId === openSweep(asked.before)) return true;
  const wasBusy = (asked.before.state?.attempts ?? 0) > 0;
  // Clocks may differ: then it is asked once more for nothing, and this time nobody is at work.
  return !wasBusy || epochMs(report.startedAt) >= asked.askedAtMs;
}

function tellSuspension({ onSuspended }: StackSweeping, before: Sight, after: Sight): void {
  const { checkpoint } = after.state ?? {};
  if (checkpoint === undefined || checkpoint.tick === before.state?.checkpoint?.tick) return;
  const pages = pagesOf(after) - pagesOf(before);
  // Without a page it only put its decision on record.
  if (pages > 0) onSuspended?.(pages);
}

/** Until everything is on the bus, or that does not get on. */
async function waitForEvents(sweeping: StackSweeping, id: ConnectionId, follower: EventFollower): Promise<void> {
  const { store, nowMs, sleep } = sweeping;
  let published = await store.readPublished(id);
  let movedAtMs = nowMs();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const state = await store.readState(id);
    if (state === undefined || (await follower.tell(state.lastEvent))) return;
    await sleep(pauseMs);
    const reached = await store.readPublished(id);
    if (reached > published) movedAtMs = nowMs();
    else if (nowMs() - movedAtMs >= maxPublishSilenceMs) return;
    published = reached;
  }
}
