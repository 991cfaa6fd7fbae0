import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { UserEventHandler } from './create-user-event-handler.ts';
import type { SqsBatch } from './sqs-batch.ts';

export type PollQueueOptions = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly handler: UserEventHandler;
  /** Ends the polling after the batch at hand. */
  readonly signal: AbortSignal;
  /** How long a request waits for messages. @default 20, the most that SQS gives */
  readonly waitSeconds?: number;
};

const maxMessages = 10;

/** Takes the messages of a queue outside of Lambda, as Lambda does: what the handler fails is left to be delivered again. */
export async function pollQueue({
  client,
  queueUrl,
  handler,
  signal,
  waitSeconds = 20,
}: PollQueueOptions): Promise<void> {
  while (!signal.aborted) {
    const messages = await receive(client, queueUrl, waitSeconds, signal);
    if (messages.length === 0) continue;
    const { batchItemFailures } = await handler(toBatch(messages));
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
    if (done.length === 0) continue;
    // What is not deleted comes again, which is harmless.
    const Entries = done.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

async function receive(
  client: SQSClient,
  queueUrl: string,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const ask = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: maxMessages,
    WaitTimeSeconds: waitSeconds,
  });
  try {
    return (await client.send(ask, { abortSignal: signal })).Messages ?? [];
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

function toBatch(messages: readonly Message[]): SqsBatch {
  return { Records: messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body })) };
}
