import type { FeedEvent, UserEvent } from '../../src/events/feed-event.ts';

/** Whether an event as it is composed, before any consumer reads it, is about a user. */
export function isAboutUser(event: FeedEvent): event is UserEvent {
  return 'user' in event.data;
}
