import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { onTestFinished } from 'vitest';
import type { BusEvent } from '../../../../local/event-bus/bus-event.ts';
import { type EventBus, type EventBusOptions, startEventBus } from '../../../../local/event-bus/event-bus.ts';

export type Put = {
  readonly FailedEntryCount: number | undefined;
  readonly Entries: readonly PutEventsResultEntry[] | undefined;
};

export type BusUnderTest = {
  readonly bus: EventBus;
  readonly client: EventBridgeClient;
  /** What `onEvent` has taken so far, in order. */
  readonly taken: readonly BusEvent[];
  put(...entries: readonly PutEventsRequestEntry[]): Promise<Put>;
};

export const nowMs = Date.parse('2026-11-23T08:15:30.987Z');

/** A bus named `feed` with the real SDK client in front of it, which tries once; both end with the test. */
export async function startBus(options: Partial<EventBusOptions> = {}): Promise<BusUnderTest> {
  const taken: BusEvent[] = [];
  let eventCount = 0;
  const bus = await startEventBus({
    busNames: ['feed'],
    now: () => nowMs,
    makeEventId: () => `event-${++eventCount}`,
    ...options,
    onEvent: async (event, busName) => {
      await options.onEvent?.(event, busName);
      taken.push(event);
    },
  });
  const client = new EventBridgeClient({
    endpoint: bus.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await bus.close();
  });
  return { bus, client, taken, put: (...entries) => put(client, entries) };
}

async function put(client: EventBridgeClient, entries: readonly PutEventsRequestEntry[]): Promise<Put> {
  const { FailedEntryCount, Entries } = await client.send(new PutEventsCommand({ Entries: [...entries] }));
  return { FailedEntryCount, Entries };
}

/** An entry that the bus accepts. */
export function entry(changes: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry {
  return {
    EventBusName: 'feed',
    Source: 'user-change-feed',
    DetailType: 'user.created',
    Detail: '{"n":1}',
    ...changes,
  };
}

/** Entries with the details `{"n":1}`, `{"n":2}`… */
export function numberedEntries(count: number): readonly PutEventsRequestEntry[] {
  return Array.from({ length: count }, (_, index) => entry({ Detail: `{"n":${index + 1}}` }));
}

/** The numbers of the details of events that came from numbered entries. */
export function numbersOf(events: readonly BusEvent[]): readonly unknown[] {
  return events.map(({ detail }) => detail.n);
}
