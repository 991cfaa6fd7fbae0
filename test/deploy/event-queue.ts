import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FeedEvent, feedEventSchema } from '../../src/events/feed-event.ts';

/** What EventBridge wraps around an event. */
type Envelope = {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: { readonly metadata: object; readonly data: object };
};

/** A consumer's queue, and all that has ever come out of it. */
export type EventQueue = {
  readonly url: string;
  readonly received: readonly FeedEvent[];
  /** Takes what comes until so many events have been received in all, or until it has waited long enough. */
  receiveUntil(count: number): Promise<void>;
  /** Takes what comes for a while. */
  receiveFor(ms: number): Promise<void>;
  /** Takes events out of what has been received. */
  forget(events: readonly FeedEvent[]): void;
  close(): void;
};

const patienceMs = 240_000;

export function openEventQueue(config: object, queueUrl: string): EventQueue {
  const client = new SQSClient({ ...config, md5: false });
  const received: FeedEvent[] = [];
  const receive = async () => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    received.push(...Messages.map(({ Body = '' }) => readEvent(Body)));
    if (Messages.length === 0) return;
    const entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  };
  const receiveWhile = async (isWanted: () => boolean, withinMs: number) => {
    const endsAtMs = Date.now() + withinMs;
    while (isWanted() && Date.now() < endsAtMs) await receive();
  };
  return {
    url: queueUrl,
    received,
    receiveUntil: (count) => receiveWhile(() => received.length < count, patienceMs),
    receiveFor: (ms) => receiveWhile(() => true, ms),
    forget(events) {
      for (const event of events) received.splice(received.indexOf(event), 1);
    },
    close: () => client.destroy(),
  };
}

/** @throws for what is not in the contract's schema */
function readEvent(body: string): FeedEvent {
  const envelope = JSON.parse(body) as Envelope;
  if (envelope.source !== 'user-change-feed') throw new Error(`an event of ${envelope.source}`);
  return feedEventSchema.parse({ type: envelope['detail-type'], ...envelope.detail }) as FeedEvent;
}
