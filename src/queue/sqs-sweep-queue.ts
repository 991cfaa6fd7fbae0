import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { FeedError } from '../model/feed-error.ts';
import type { QueuedMessage } from '../sweep/dispatch-ports.ts';

export type SqsSweepQueueOptions = { readonly client: SQSClient; readonly queueUrl: string };

/** The sweep queue. */
export type SweepQueue = {
  /**
   * Answers the messages that the queue did not take.
   * @throws queue.unavailable where it took none of them because it did not answer
   */
  send<Message>(messages: readonly QueuedMessage<Message>[]): Promise<readonly QueuedMessage<Message>[]>;
};

/** Source: AWS SQS API reference, SendMessageBatch: 10 entries. A message here has some 200 bytes. */
const maxEntriesPerCall = 10;
/** Source: the same reference: `DelaySeconds` is at most 15 minutes. */
const maxDelaySeconds = 900;

/**
 * The sweep queue on SQS, a standard queue: order does not matter, and the group of a message is its tenant, so that
 * those with many connections do not make the others wait (fair queues).
 */
export function createSqsSweepQueue({ client, queueUrl }: SqsSweepQueueOptions): SweepQueue {
  const sendCall = async <Message>(call: readonly QueuedMessage<Message>[]) => {
    const Entries = call.map(toEntry);
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const taken = new Set((answer.Successful ?? []).map(({ Id }) => Id));
    return call.filter((_, at) => !taken.has(String(at)));
  };
  return {
    async send<Message>(messages: readonly QueuedMessage<Message>[]) {
      const left: QueuedMessage<Message>[] = [];
      let cause: unknown;
      for (let from = 0; from < messages.length; from += maxEntriesPerCall) {
        const call = messages.slice(from, from + maxEntriesPerCall);
        const notTaken = await sendCall(call).catch((error: unknown) => {
          cause = error;
          return call;
        });
        left.push(...notTaken);
      }
      if (cause !== undefined && left.length === messages.length) throw unavailable(messages.length, cause);
      return left;
    },
  };
}

function toEntry(
  { message, tenantId, delaySeconds = 0 }: QueuedMessage<unknown>,
  at: number,
): SendMessageBatchRequestEntry {
  return {
    Id: String(at),
    MessageBody: JSON.stringify(message),
    MessageGroupId: tenantId,
    ...(delaySeconds > 0 && { DelaySeconds: Math.min(Math.ceil(delaySeconds), maxDelaySeconds) }),
  };
}

function unavailable(messages: number, cause: unknown): FeedError {
  return new FeedError(
    'queue.unavailable',
    `the sweep queue took none of ${messages} messages`,
    { messages },
    { cause },
  );
}
