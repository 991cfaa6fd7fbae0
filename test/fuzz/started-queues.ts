import { createLocalQueue } from '../../local/subscribers/local-queue.ts';
import { startQueueEndpoint } from '../../local/subscribers/queue-endpoint.ts';
import type { Json } from '../../src/model/json.ts';

/** The queues of `ucf dev`, with something in them. */
export type QueuesUnderFuzz = {
  readonly endpoint: string;
  /** A good body for each of the calls that they answer. */
  readonly calls: Readonly<Record<string, Json>>;
  close(): Promise<void>;
};

/** A look at the clock takes so long that nobody waits for a message. */
const lookMs = 25_000;

export async function startQueues(): Promise<QueuesUnderFuzz> {
  let clockMs = 0;
  const nowMs = () => {
    clockMs += lookMs;
    return clockMs;
  };
  const mailbox = { waiting: [], add: async () => ({ key: '1', event: {} as never }), remove: async () => undefined };
  const queue = createLocalQueue('leavers', mailbox, nowMs);
  queue.add({ key: '1', event: { detail: {} } as never });
  const { endpoint, urls, close } = await startQueueEndpoint({ queues: [queue], port: 0, nowMs });
  const QueueUrl = urls.get('leavers') ?? '';
  const entry = { Id: '1', ReceiptHandle: 'r' };
  return {
    endpoint,
    close,
    calls: {
      ListQueues: {},
      GetQueueUrl: { QueueName: 'leavers' },
      ReceiveMessage: { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1, WaitTimeSeconds: 1 },
      DeleteMessage: { QueueUrl, ReceiptHandle: 'r' },
      ChangeMessageVisibility: { QueueUrl, ReceiptHandle: 'r', VisibilityTimeout: 1 },
      DeleteMessageBatch: { QueueUrl, Entries: [entry] },
      ChangeMessageVisibilityBatch: { QueueUrl, Entries: [{ ...entry, VisibilityTimeout: 1 }] },
      GetQueueAttributes: { QueueUrl, AttributeNames: ['All'] },
    },
  };
}
