import { composeEvents } from '../../src/events/compose-events.ts';
import type { FeedEvent } from '../../src/events/feed-event.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import type { Instant } from '../../src/model/instant.ts';
import { holdsEvents, type LogBatch } from '../../src/model/log-batch.ts';
import { findPosition } from '../../src/publish/find-position.ts';
import type { ConsoleFeed } from './console-feed.ts';

/** An event with the time of its commit, by which the events of several connections are put in order. */
export type CommittedEvent = { readonly committedAt: Instant; readonly event: FeedEvent };

/** Counts down the batches that one request may read, over all connections. */
export type ReadBudget = {
  left: number;
  /** Whether a walk had to end before its log did. */
  isSpent: boolean;
};

/**
 * The events of a connection from the newest to the oldest that is kept, those committed by `upTo` where that is given. Each
 * batch with events names the one before it, so that a long silent baseline costs nothing. Ends early with the budget.
 */
export async function* walkEventsBack(
  { store, protectorOf }: ConsoleFeed,
  id: ConnectionId,
  budget: ReadBudget,
  upTo?: Instant,
): AsyncIterable<CommittedEvent> {
  const state = await store.readState(id);
  if (state === undefined) return;
  let position =
    upTo === undefined
      ? state.lastEvent.position
      : await findPosition(store, id, { end: state.position, isBefore: ({ committedAt }) => committedAt <= upTo });
  while (position > 0) {
    if (budget.left === 0) {
      budget.isSpent = true;
      return;
    }
    budget.left -= 1;
    const batch = await store.firstBatchAfter(id, position - 1);
    // What stood here has expired, and everything before it with it.
    if (batch === undefined || batch.position !== position) return;
    for (const event of eventsOf((await protectorOf(id)).protectBatch(batch)))
      yield { committedAt: batch.committedAt, event };
    position = batch.previousEventPosition;
  }
}

function eventsOf(batch: LogBatch): readonly FeedEvent[] {
  return holdsEvents(batch) ? composeEvents(batch).toReversed() : [];
}
