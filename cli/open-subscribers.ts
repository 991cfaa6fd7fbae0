import {
  noSubscribers,
  type SubscriberSettings,
  type Subscribers,
  startSubscribers,
} from '../local/subscribers/start-subscribers.ts';
import type { Output } from './output.ts';
import { usageFault } from './usage-fault.ts';

/** So long a run that ends waits for a webhook to take another event. */
const settleMs = 1_500;

/** Starts the subscribers of a feed on this machine and says how to reach its queues. @throws config.invalid */
export async function openSubscribers(
  subscribers: readonly SubscriberSettings[],
  { folder, queuePort }: { readonly folder: string; readonly queuePort: number | undefined },
  output: Output,
): Promise<Subscribers> {
  if (subscribers.length === 0) return noSubscribers;
  const onTrouble = (message: string) => output.note(message);
  const started = await startSubscribers({ folder, subscribers, queuePort, onTrouble }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.syscall !== 'listen') throw cause;
      throw usageFault(
        '--queue-port',
        `${queuePort} cannot be listened on (${cause.code}); name a free one, or leave it out`,
      );
    },
  );
  for (const { name, url } of subscribers) if (url !== undefined) output.note(`delivering to ${name}`);
  for (const url of started.queueUrls.values()) output.note(`queue: ${url}`);
  if (started.queueEndpoint !== undefined)
    output.note(
      `  SQS clients reach it with AWS_ENDPOINT_URL_SQS=${started.queueEndpoint} and any credentials and region`,
    );
  return started;
}

/** Waits for webhooks before a run ends, and says what is left for the next one. */
export async function settleSubscribers(subscribers: Subscribers, isKept: boolean, output: Output): Promise<void> {
  let left = await subscribers.settled(settleMs);
  for (let before = Number.POSITIVE_INFINITY; total(left) > 0 && total(left) < before; ) {
    before = total(left);
    left = await subscribers.settled(settleMs);
  }
  for (const [name, events] of left) {
    const next = isKept ? 'the next run delivers them' : 'they are lost: only --state keeps them';
    if (events > 0) output.note(`${name} has not taken ${events} events; ${next}`);
  }
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
