import { randomUUID } from 'node:crypto';
import { type BusEvent, toBusEvent } from '../../local/event-bus/bus-event.ts';
import type { SentEntry } from '../../local/event-bus/sent-entry.ts';
import { startAwsServer } from './aws-server.ts';

/** An event bus that can be deleted: as in the service it then answers 200 and drops everything, but is not described. */
export async function startMortalBus() {
  const taken: BusEvent[] = [];
  const bus = { isThere: true, dropped: 0 };
  const server = await startAwsServer(({ operation, input }) => {
    if (operation === 'DescribeEventBus')
      return bus.isThere ? { body: { Name: input.Name } } : { error: 'ResourceNotFoundException' };
    const entries = input.Entries as readonly SentEntry[];
    for (const entry of entries) {
      if (bus.isThere) taken.push(toBusEvent(entry, JSON.parse(String(entry.Detail)), randomUUID(), 0));
      else bus.dropped += 1;
    }
    return { body: { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: randomUUID() })) } };
  });
  return { endpoint: server.endpoint, taken, bus, close: server.close };
}
