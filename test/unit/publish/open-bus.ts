import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { onTestFinished } from 'vitest';
import type { BusEvent } from '../../../local/event-bus/bus-event.ts';
import type { BusFault, BusFaults } from '../../../local/event-bus/bus-faults.ts';
import { startEventBus } from '../../../local/event-bus/event-bus.ts';
import { createEventBridgeBus } from '../../../src/publish/event-bridge-bus.ts';
import type { EventBus } from '../../../src/publish/ports.ts';

/** The publisher's bus over the real SDK, and a bus of EventBridge's protocol behind it. */
export type OpenBus = {
  readonly bus: EventBus;
  readonly faults: BusFaults;
  /** What the bus has accepted, in order. */
  readonly taken: readonly BusEvent[];
  /** The calls that were made, each try of the SDK counted: `DescribeEventBus`, `PutEvents 10`. */
  readonly calls: readonly string[];
  /** The pauses that were asked for, in milliseconds. Nobody waits for them. */
  readonly pauses: readonly number[];
  readonly clock: { nowMs: number };
};

export type BusSettings = {
  readonly faults?: readonly BusFault[];
  /** The buses that exist; the one named `feed` where left out. */
  readonly busNames?: readonly string[];
  /** How often the SDK itself tries a call, without a pause; once where left out. */
  readonly attempts?: number;
  readonly random?: () => number;
};

/** Starts a bus that ends with the test. */
export async function openBus({ faults = [], busNames = ['feed'], ...settings }: BusSettings = {}): Promise<OpenBus> {
  const taken: BusEvent[] = [];
  const loopback = await startEventBus({ busNames, faults, onEvent: (event) => void taken.push(event) });
  onTestFinished(() => loopback.close());
  return { ...connectBus(loopback.endpoint, settings), faults: loopback.faults, taken };
}

/** The publisher's bus before any address that speaks EventBridge's protocol. */
export function connectBus(endpoint: string, { attempts = 1, random = () => 1 }: BusSettings = {}) {
  const calls: string[] = [];
  const pauses: number[] = [];
  const clock = { nowMs: 0 };
  const client = new EventBridgeClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIASECRETSECRET', secretAccessKey: 'wJalrSECRETSECRET' },
    retryStrategy: tryAtOnce(attempts),
  });
  client.middlewareStack.add(
    (next, context) => (args) => {
      const entries = (args.input as { Entries?: readonly unknown[] }).Entries;
      const operation = String((context as { commandName?: string }).commandName).replace('Command', '');
      calls.push(entries === undefined ? operation : `${operation} ${entries.length}`);
      return next(args);
    },
    { step: 'deserialize', name: 'countCalls', priority: 'high' },
  );
  onTestFinished(() => client.destroy());
  const bus = createEventBridgeBus({
    client,
    busName: 'feed',
    nowMs: () => clock.nowMs,
    sleep: async (ms) => void pauses.push(ms),
    random,
  });
  return { bus, calls, pauses, clock };
}

type RetryStrategy = NonNullable<ConstructorParameters<typeof EventBridgeClient>[0]>['retryStrategy'];

function tryAtOnce(attempts: number): NonNullable<RetryStrategy> {
  const token = (retryCount: number) => ({ getRetryCount: () => retryCount, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async ({ getRetryCount }) => {
      if (getRetryCount() + 1 < attempts) return token(getRetryCount() + 1);
      throw new Error('no more tries');
    },
    recordSuccess: () => undefined,
  };
}

/** The ids of events as a consumer receives them. */
export function eventIds(events: readonly BusEvent[]): readonly string[] {
  return events.map(({ detail }) => String((detail.metadata as { eventId?: string } | undefined)?.eventId));
}
