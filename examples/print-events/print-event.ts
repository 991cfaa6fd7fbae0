import { isUserEvent, parseFeedEvent } from '../../src/events/public.ts';

/** Prints one line for a user event: of a line of text, a message of a queue, or an event as EventBridge hands it over. */
export function printEvent(delivered: unknown): void {
  const event = parseFeedEvent(delivered);
  if (!isUserEvent(event)) return;
  const { connectionId, userId } = event.metadata;
  if (event.type === 'user.deleted') console.log(`${connectionId} ${userId} left`);
  else if (event.type === 'user.status_changed') console.log(`${connectionId} ${userId} is ${event.data.status.to}`);
  else console.log(`${connectionId} ${userId} ${event.type} ${event.data.changedFields.join(', ')}`.trim());
}
