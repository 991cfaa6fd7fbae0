import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueueRules } from './mapping-rules.ts';

/**
 * An SQS standard queue before a function, as Lambda polls it, driven step by step. Sources, docs.aws.amazon.com (stored copies, 2026-11):
 * lambda/latest/dg/services-sqs-errorhandling, AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout and
 * sqs-dead-letter-queues.
 */
export type QueueMapping = {
  send(body: string): void;
  /** Receives what is visible, as much at once as the mapping lets through; answers how many invocations there were. */
  step(): Promise<number>;
  /** Messages that are neither done nor put aside, visible or not. */
  readonly waiting: number;
  /** The bodies that were put aside. */
  readonly deadLetters: readonly string[];
};

export type QueueMappingOptions = {
  readonly rules: QueueRules;
  readonly handler: (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;
  readonly nowMs: () => number;
};

type Message = {
  readonly messageId: string;
  readonly body: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receives: number;
};

export function createQueueMapping({ rules, handler, nowMs }: QueueMappingOptions): QueueMapping {
  const messages = new Set<Message>();
  const deadLetters: string[] = [];
  let sent = 0;

  /** Whether a message is given out now; one that was given out often enough is put aside instead. */
  const giveOut = (message: Message): boolean => {
    if (message.visibleAtMs > nowMs()) return false;
    message.receives += 1;
    message.visibleAtMs = nowMs() + rules.visibilitySeconds * 1000;
    if (message.receives <= rules.maxReceives) return true;
    messages.delete(message);
    deadLetters.push(message.body);
    return false;
  };
  const receive = (): readonly Message[] => {
    const oldestMs = nowMs() - rules.retentionSeconds * 1000;
    for (const message of messages) if (message.sentAtMs < oldestMs) messages.delete(message);
    const received: Message[] = [];
    for (const message of messages) if (received.length < rules.batchSize && giveOut(message)) received.push(message);
    return received;
  };
  const invoke = async (batch: readonly Message[]) => {
    const answer = await handler({ Records: batch.map(toRecord) }).then(
      (response) => ({ response }),
      () => 'thrown' as const,
    );
    // What failed stays where it is, and shows again when its visibility timeout is over.
    const failed = answer === 'thrown' ? batch : failedOf(answer.response, batch, rules);
    for (const message of batch) if (!failed.includes(message)) messages.delete(message);
  };
  return {
    deadLetters,
    get waiting() {
      return messages.size;
    },
    send(body) {
      sent += 1;
      const now = nowMs();
      messages.add({ messageId: `message-${sent}`, body, sentAtMs: now, visibleAtMs: now, receives: 0 });
    },
    async step() {
      const batches: (readonly Message[])[] = [];
      while (batches.length < rules.concurrency) {
        const batch = receive();
        if (batch.length === 0) break;
        batches.push(batch);
      }
      await Promise.all(batches.map(invoke));
      return batches.length;
    },
  };
}

/** No failures, or no answer: all are done. An identifier of none of them: all have failed. */
function failedOf(
  response: SQSBatchResponse | undefined,
  batch: readonly Message[],
  { isPartial }: QueueRules,
): readonly Message[] {
  const failures = isPartial ? (response?.batchItemFailures ?? []) : [];
  const failed = failures.map((failure) => batch.find(({ messageId }) => messageId === failure.itemIdentifier));
  return failed.some((message) => message === undefined) ? batch : failed.filter((message) => message !== undefined);
}

function toRecord({ messageId, body, receives, sentAtMs }: Message): SQSRecord {
  return {
    messageId,
    receiptHandle: `${messageId}/${receives}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAtMs),
      SenderId: 'dispatch',
      ApproximateFirstReceiveTimestamp: String(sentAtMs),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:sweeps',
    awsRegion: 'us-east-1',
  };
}
