import { createInterface } from 'node:readline';
import { isUserEvent, parseFeedEvent } from '../../src/events/public.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const event = parseFeedEvent(line);
  if (!isUserEvent(event)) continue;
  const { connectionId, userId } = event.metadata;
  if (event.type === 'user.deleted') console.log(`${connectionId} ${userId} left`);
  else if (event.type === 'user.status_changed') console.log(`${connectionId} ${userId} is ${event.data.status.to}`);
  else console.log(`${connectionId} ${userId} ${event.type} ${event.data.changedFields.join(', ')}`.trim());
}
