import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import type { LocalQueue, ReceivedMessage } from './local-queue.ts';

/** What a request is answered: a document, or an error by the name that clients know it by. */
export type QueueAnswer = { readonly body: object } | { readonly error: string; readonly message: string };

export type QueueRequests = {
  readonly queues: ReadonlyMap<string, LocalQueue>;
  readonly urlOf: (name: string) => string;
  /** Resolves when a queue may have got something, the time is over, or nobody waits any more. */
  readonly waitFor: (queue: LocalQueue, ms: number) => Promise<void>;
  readonly nowMs: () => number;
};

/** Source: AWS SQS API reference, "ReceiveMessage" and "CreateQueue". */
const usualVisibilitySeconds = 30;
const longestVisibilitySeconds = 43_200;
const longestWaitSeconds = 20;

const visibility = z.int().check(z.gte(0), z.lte(longestVisibilitySeconds));
const receiveBody = z.looseObject({
  MaxNumberOfMessages: z._default(z.int().check(z.gte(1), z.lte(10)), 1),
  VisibilityTimeout: z._default(visibility, usualVisibilitySeconds),
  WaitTimeSeconds: z._default(z.int().check(z.gte(0), z.lte(longestWaitSeconds)), 0),
});
const handleBody = z.looseObject({ ReceiptHandle: z.string() });
const hideBody = z.looseObject({ ReceiptHandle: z.string(), VisibilityTimeout: visibility });
const entries = <T extends z.ZodMiniType>(entry: T) =>
  z.looseObject({ Entries: z.array(entry).check(z.minLength(1), z.maxLength(10)) });
const removeManyBody = entries(z.looseObject({ Id: z.string(), ReceiptHandle: z.string() }));
const hideManyBody = entries(
  z.looseObject({ Id: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: visibility }),
);
const namedBody = z.looseObject({ QueueName: z.string() });
const addressedBody = z.looseObject({ QueueUrl: z.string() });

const noSuchQueue: QueueAnswer = {
  error: 'com.amazonaws.sqs#QueueDoesNotExist',
  message: 'The specified queue does not exist.',
};
const badHandle: QueueAnswer = {
  error: 'com.amazonaws.sqs#ReceiptHandleIsInvalid',
  message: 'The receipt handle is not one of this queue.',
};
const notHidden: QueueAnswer = {
  error: 'com.amazonaws.sqs#MessageNotInflight',
  message: 'The message is not in flight.',
};

/** Answers the calls that a consumer of SQS makes. Queues are made by whoever starts the feed, and only it sends to them. */
export async function answerQueueRequest(
  operation: string,
  body: unknown,
  requests: QueueRequests,
): Promise<QueueAnswer> {
  const { queues, urlOf } = requests;
  if (operation === 'ListQueues') return { body: { QueueUrls: [...queues.keys()].map(urlOf) } };
  if (operation === 'GetQueueUrl') {
    const named = namedBody.safeParse(body);
    return named.success && queues.has(named.data.QueueName)
      ? { body: { QueueUrl: urlOf(named.data.QueueName) } }
      : noSuchQueue;
  }
  const addressed = addressedBody.safeParse(body);
  const queue = addressed.success ? queues.get(addressed.data.QueueUrl.split('/').at(-1) ?? '') : undefined;
  if (queue === undefined) return noSuchQueue;
  const act = Object.hasOwn(acts, operation) ? acts[operation] : undefined;
  if (act !== undefined) return act(queue, body, requests);
  const known = ['GetQueueUrl', 'ListQueues', ...Object.keys(acts)].join(', ');
  return { error: 'UnsupportedOperation', message: `This queue knows ${known} only.` };
}

type Act = (queue: LocalQueue, body: unknown, requests: QueueRequests) => Promise<QueueAnswer>;

const acts: Readonly<Record<string, Act>> = {
  ReceiveMessage: (queue, body, requests) =>
    reading(receiveBody, body, async (ask) => {
      const receive = () => queue.receive(ask.MaxNumberOfMessages, ask.VisibilityTimeout * 1_000);
      const untilMs = requests.nowMs() + ask.WaitTimeSeconds * 1_000;
      let received = receive();
      while (received.length === 0 && requests.nowMs() < untilMs) {
        await requests.waitFor(queue, untilMs - requests.nowMs());
        received = receive();
      }
      return { body: received.length === 0 ? {} : { Messages: received.map(toMessage) } };
    }),
  DeleteMessage: (queue, body) =>
    reading(handleBody, body, async ({ ReceiptHandle }) =>
      (await queue.remove(ReceiptHandle)) ? { body: {} } : badHandle,
    ),
  ChangeMessageVisibility: (queue, body) =>
    reading(hideBody, body, async ({ ReceiptHandle, VisibilityTimeout }) =>
      queue.hide(ReceiptHandle, VisibilityTimeout * 1_000) ? { body: {} } : notHidden,
    ),
  DeleteMessageBatch: (queue, body) =>
    reading(removeManyBody, body, async ({ Entries }) =>
      batchAnswer(Entries, (entry) => queue.remove(entry.ReceiptHandle), 'ReceiptHandleIsInvalid'),
    ),
  ChangeMessageVisibilityBatch: (queue, body) =>
    reading(hideManyBody, body, async ({ Entries }) =>
      batchAnswer(
        Entries,
        async (entry) => queue.hide(entry.ReceiptHandle, entry.VisibilityTimeout * 1_000),
        'MessageNotInflight',
      ),
    ),
  GetQueueAttributes: async (queue) => {
    const { visible, hidden } = queue.count();
    const attributes = {
      QueueArn: `arn:aws:sqs:us-east-1:000000000000:${queue.name}`,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      VisibilityTimeout: String(usualVisibilitySeconds),
    };
    return { body: { Attributes: attributes } };
  },
  PurgeQueue: async (queue) => {
    await queue.purge();
    return { body: {} };
  },
};

async function reading<T extends z.ZodMiniType>(
  schema: T,
  body: unknown,
  act: (read: z.output<T>) => Promise<QueueAnswer>,
): Promise<QueueAnswer> {
  const read = schema.safeParse(body);
  if (read.success) return act(read.data as z.output<T>);
  const where = read.error.issues.map(({ path }) => path.join('.')).join(', ');
  return { error: 'InvalidParameterValue', message: `Value for parameter ${where} is invalid.` };
}

async function batchAnswer<T extends { readonly Id: string }>(
  asked: readonly T[],
  act: (entry: T) => Promise<boolean>,
  code: string,
): Promise<QueueAnswer> {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of asked) {
    if (await act(entry)) Successful.push({ Id: entry.Id });
    else Failed.push({ Id: entry.Id, SenderFault: true, Code: code });
  }
  return { body: { Successful, Failed } };
}

function toMessage(message: ReceivedMessage) {
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: hash('md5', message.body),
    Attributes: {
      SenderId: 'user-change-feed',
      SentTimestamp: String(message.sentAtMs),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    },
  };
}
