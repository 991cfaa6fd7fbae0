import { setTimeout as sleep } from 'node:timers/promises';
import type { BusEvent } from '../event-bus/bus-event.ts';
import type { EventMatcher } from '../event-bus/match-pattern.ts';
import { createLocalQueue } from './local-queue.ts';
import { type Mail, type Mailbox, openMailboxes } from './mailboxes.ts';
import { type QueueEndpoint, startQueueEndpoint } from './queue-endpoint.ts';
import { createWebhook, type Webhook } from './webhook.ts';

/** Who gets which events: a webhook where there is an address, else a queue of that name. */
export type SubscriberSettings = {
  readonly name: string;
  readonly url?: string;
  readonly matches: EventMatcher;
};

export type SubscribersOptions = {
  /** Where events wait. */
  readonly folder: string;
  readonly subscribers: readonly SubscriberSettings[];
  readonly queuePort?: number | undefined;
  readonly onTrouble: (message: string) => void;
};

/** The subscribers of a loopback bus. */
export type Subscribers = {
  /** Addresses of the queues by name. */
  readonly queueUrls: ReadonlyMap<string, string>;
  readonly queueEndpoint: string | undefined;
  /** Keeps an event for everyone who wants it. Nobody's delivery is waited for. */
  offer(event: BusEvent): Promise<void>;
  /** Resolves when webhooks have taken what they will take, or the time is over; answers how many events wait for whom. */
  settled(ms: number): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
};

/** Without any, nothing is opened. */
export const noSubscribers: Subscribers = {
  queueUrls: new Map(),
  queueEndpoint: undefined,
  offer: async () => undefined,
  settled: async () => new Map(),
  close: async () => undefined,
};

type Subscriber = { readonly matches: EventMatcher; readonly mailbox: Mailbox; readonly add: (mail: Mail) => void };

const postWithinMs = 10_000;

export async function startSubscribers(options: SubscribersOptions): Promise<Subscribers> {
  const mailboxes = await openMailboxes(options.folder);
  const subscribers: Subscriber[] = [];
  const queues: ReturnType<typeof createLocalQueue>[] = [];
  const webhooks = new Map<string, Webhook>();
  for (const { name, url, matches } of options.subscribers) {
    const mailbox = await mailboxes.open(name);
    if (url === undefined) {
      const queue = createLocalQueue(name, mailbox, Date.now);
      queues.push(queue);
      subscribers.push({ matches, mailbox, add: queue.add });
    } else {
      const webhook = createWebhook({ name, mailbox, post: postTo(url), sleep: pause, onTrouble: options.onTrouble });
      webhooks.set(name, webhook);
      subscribers.push({ matches, mailbox, add: webhook.add });
    }
  }
  const endpoint = await openEndpoint(queues, options.queuePort).catch(async (error: unknown) => {
    await mailboxes.close();
    throw error;
  });
  return {
    queueUrls: endpoint?.urls ?? new Map(),
    queueEndpoint: endpoint?.endpoint,
    async offer(event) {
      for (const { matches, mailbox, add } of subscribers) if (matches(event)) add(await mailbox.add(event));
    },
    async settled(ms) {
      const all = Promise.all([...webhooks.values()].map((webhook) => webhook.settled()));
      const giveUp = new AbortController();
      await Promise.race([all, pause(ms, giveUp.signal)]);
      giveUp.abort();
      return new Map([...webhooks].map(([name, webhook]) => [name, webhook.count()]));
    },
    async close() {
      await endpoint?.close();
      for (const webhook of webhooks.values()) await webhook.close();
      await mailboxes.close();
    },
  };
}

async function openEndpoint(
  queues: readonly ReturnType<typeof createLocalQueue>[],
  port: number | undefined,
): Promise<QueueEndpoint | undefined> {
  return queues.length === 0 ? undefined : startQueueEndpoint({ queues, port, nowMs: Date.now });
}

/** Any answer of success is one; a redirect is none, since it would be followed without the body. */
function postTo(url: string): (event: BusEvent, signal: AbortSignal) => Promise<boolean> {
  return async (event, signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(postWithinMs)]),
    });
    await response.body?.cancel();
    return response.ok;
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
