import { FeedError } from '../model/feed-error.ts';
import type { LogBatch, SweepStamp } from '../model/log-batch.ts';
import { composeConnectionEvent, composeRemoval } from './compose-connection-event.ts';
import { composeUserEvent } from './compose-user-event.ts';
import type { FeedEvent } from './feed-event.ts';
import { thinEvent } from './thin-event.ts';
import { truncateEvent } from './truncate-event.ts';

/**
 * The events of a log batch by rising sequence. The same batch always yields the same events.
 * @throws internal.invariant for an event that a sweep must have found, in a batch of none: it would never be published
 */
export function composeEvents(batch: LogBatch): readonly FeedEvent[] {
  const events = [...userEvents(batch), ...connectionEvents(batch)];
  return events.sort((a, b) => a.metadata.sequence - b.metadata.sequence);
}

function userEvents(batch: LogBatch): readonly FeedEvent[] {
  return batch.transitions.flatMap(({ entry, change }) => {
    if (change === undefined) return [];
    const event = composeUserEvent(batch, sweepOf(batch), { entry, change });
    return [truncateEvent(batch.payload === 'thin' ? thinEvent(event) : event)];
  });
}

function connectionEvents(batch: LogBatch): readonly FeedEvent[] {
  return batch.connectionChanges.map((change) =>
    change.type === 'removed'
      ? composeRemoval(batch, change.sequence)
      : composeConnectionEvent(batch, sweepOf(batch), change),
  );
}

function sweepOf({ sweep, connectionId, position }: LogBatch): SweepStamp {
  if (sweep !== undefined) return sweep;
  const message = `batch ${position} of ${connectionId} holds events of a sweep and names none`;
  throw new FeedError('internal.invariant', message, { invariant: 'events_name_sweep' });
}
