import type { FeedEvent } from '../events/feed-event.ts';
import type { ConnectionId } from '../model/ids.ts';
import { type EventSources, readEvents, type SequencePlace } from './read-events.ts';

/**
 * Every committed event of a connection behind a place, in order: the log as a pull feed. It ends with what is committed by
 * then; whoever follows asks again behind the last one he got.
 * @throws log.expired, log.ahead
 */
export async function* changesAfter(
  sources: EventSources,
  connectionId: ConnectionId,
  place: SequencePlace,
): AsyncIterable<FeedEvent> {
  for await (const { events } of readEvents(sources, connectionId, place)) yield* events;
}
