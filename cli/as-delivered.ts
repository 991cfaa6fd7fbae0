import { type BusEvent, toBusEvent } from '../local/event-bus/bus-event.ts';
import type { FeedEvent } from '../src/events/feed-event.ts';
import { toBusEntry } from '../src/events/pack-entries.ts';

/** An event as the bus would deliver it, had it been published. */
export function asDelivered(event: FeedEvent): BusEvent {
  const { Time, Detail, ...entry } = toBusEntry(event);
  const timeMs = Time.getTime();
  return toBusEvent({ ...entry, Time: timeMs / 1_000 }, JSON.parse(Detail), event.metadata.eventId, timeMs);
}
