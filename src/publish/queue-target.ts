import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { FeedEvent } from '../events/feed-event.ts';
import { FeedError } from '../model/feed-error.ts';
import type { EventTarget } from './take-run.ts';

export type QueueTargetOptions = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** The message of an event, as a rule with this queue as its target would send it. */
  readonly bodyOf: (event: FeedEvent) => string;
  /** Tells the messages of one run from those of another, where the queue leaves repeated ones out. */
  readonly runId: () => string;
  readonly sleep: (ms: number) => Promise<void>;
};

/** Source: AWS SQS API reference, "SendMessageBatch": 10 messages a call. */
const maxMessages = 10;
/** What every queue takes in one call, whatever its own maximum: one event is always below it. */
const maxBytes = 256 * 1024;
const maxTries = 6;
const firstPauseMs = 100;

type Message = { readonly event: FeedEvent; readonly body: string };

/** One consumer's queue, past the bus. */
export function createQueueTarget({ client, queueUrl, bodyOf, runId, sleep }: QueueTargetOptions): EventTarget {
  const isFifo = queueUrl.endsWith('.fifo');
  const entryOf = ({ event: { metadata }, body }: Message, at: number) => ({
    Id: String(at),
    MessageBody: body,
    ...(isFifo && {
      MessageGroupId: metadata.connectionId,
      MessageDeduplicationId: `${metadata.eventId}-${runId()}`,
    }),
  });
  const sendOnce = async (messages: readonly Message[]): Promise<readonly Message[]> => {
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: messages.map(entryOf) });
    const { Successful = [] } = await client.send(command).catch((cause: unknown) => {
      throw refused(queueUrl, messages.length, cause);
    });
    // Whatever is not said to be taken is sent again.
    const taken = new Set(Successful.map(({ Id }) => Id));
    return messages.filter((_, at) => !taken.has(String(at)));
  };
  return {
    async take(events) {
      for (const call of packMessages(events.map((event) => ({ event, body: bodyOf(event) })))) {
        let rest = await sendOnce(call);
        for (let tries = 1; rest.length > 0; tries += 1) {
          if (tries === maxTries) throw refused(queueUrl, rest.length);
          await sleep(firstPauseMs * 2 ** tries);
          rest = await sendOnce(rest);
        }
      }
    },
  };
}

function packMessages(messages: readonly Message[]): readonly (readonly Message[])[] {
  const calls: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    const call = calls.at(-1);
    const isFull = call === undefined || call.length === maxMessages || bytes + size > maxBytes;
    if (isFull) calls.push([message]);
    else call.push(message);
    bytes = isFull ? size : bytes + size;
  }
  return calls;
}

function refused(queueUrl: string, messages: number, cause?: unknown): FeedError<'queue.unavailable'> {
  const message = `the queue ${queueUrl} did not take ${messages} messages; check its address and that you may send to it, then give the same command again: it goes on from here`;
  return new FeedError('queue.unavailable', message, { messages }, cause === undefined ? undefined : { cause });
}
