import { FeedError } from '../model/feed-error.ts';
import { isUserEvent } from './is-user-event.ts';
import { parseFeedEvent } from './parse-feed-event.ts';
import type { UserEvent } from './published-event.ts';

/**
 * An event about a user, out of what `parseFeedEvent` takes.
 * @throws event.wrong_kind for an event about a connection: skip it; and what `parseFeedEvent` throws
 */
export function parseUserEvent(input: unknown): UserEvent {
  const event = parseFeedEvent(input);
  if (isUserEvent(event)) return event;
  throw new FeedError('event.wrong_kind', `${event.type} is about a connection, not about a user: skip it`, {
    type: event.type,
  });
}
