import { userEventTypes } from './feed-event.ts';
import type { FeedEvent, UserEvent } from './published-event.ts';

/** Whether an event of the feed is about a user. */
export function isUserEvent(event: FeedEvent): event is UserEvent {
  return userEventTypes.some((type) => type === event.type);
}
