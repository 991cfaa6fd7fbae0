import { randomUUID } from 'node:crypto';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ConnectionId } from '../src/model/ids.ts';
import type { Instant } from '../src/model/instant.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import type { SweepMessage } from '../src/sweep/dispatch-ports.ts';

export type QueuedSweep = Pick<SweepMessage, 'connectionId' | 'continues' | 'budget'> & {
  readonly dueAt?: Instant;
  readonly mode?: SweepMode;
};

export type SweepQueueOptions = {
  readonly handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
  /** What follows a message that was taken, before the next one of its connection. */
  readonly afterMessage: (connectionId: ConnectionId) => Promise<void>;
  readonly onDeadLetter: (connectionId: ConnectionId) => void;
  readonly nowMs: () => number;
  /** How long an invocation may run; as long as the deployed function by default. */
  readonly invocationMs?: number;
};

/** The sweep queue, delivered in process, one message an invocation, as Lambda would. */
export type SweepQueue = {
  /** A connection whose message is waiting or in flight gets no second one, unless it goes on with its sweep. */
  send(message: QueuedSweep): Promise<void>;
  /** As `send`; false where it gets no second one. */
  offer(message: QueuedSweep): boolean;
  /** Resolves when nothing is waiting or in flight. */
  drain(): Promise<void>;
};

const parallelInvocations = 4;
const maxReceives = 3;
/** As long as the deployed function may run. */
const deployedInvocationMs = 15 * 60_000;

export function createSweepQueue(options: SweepQueueOptions): SweepQueue {
  const waiting: QueuedSweep[] = [];
  const taken = new Set<ConnectionId>();
  const inFlight = new Set<Promise<void>>();
  const continuations = new Map<ConnectionId, QueuedSweep>();
  const invocationMs = options.invocationMs ?? deployedInvocationMs;

  const deliverAll = async (first: QueuedSweep) => {
    for (let message: QueuedSweep | undefined = first; message !== undefined; ) {
      continuations.delete(message.connectionId);
      await deliver(message);
      message = continuations.get(message.connectionId);
    }
  };
  const deliver = async (message: QueuedSweep) => {
    for (let receive = 1; receive <= maxReceives; receive += 1) {
      const { batchItemFailures } = await options.handler(
        toEvent(message, receive),
        toContext(options.nowMs, invocationMs),
      );
      await options.afterMessage(message.connectionId);
      if (batchItemFailures.length === 0) return;
    }
    options.onDeadLetter(message.connectionId);
  };
  const startWaiting = () => {
    while (inFlight.size < parallelInvocations) {
      const message = waiting.shift();
      if (message === undefined) return;
      const delivery = deliverAll(message).finally(() => {
        taken.delete(message.connectionId);
        inFlight.delete(delivery);
        startWaiting();
      });
      inFlight.add(delivery);
    }
  };
  const offer = (message: QueuedSweep) => {
    if (taken.has(message.connectionId)) {
      if (message.continues === undefined) return false;
      continuations.set(message.connectionId, message);
      return true;
    }
    taken.add(message.connectionId);
    waiting.push(message);
    startWaiting();
    return true;
  };
  return {
    offer,
    async send(message) {
      offer(message);
    },
    async drain() {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}

function toEvent(message: QueuedSweep, receive: number): SQSEvent {
  const record: SQSRecord = {
    messageId: randomUUID(),
    receiptHandle: 'local',
    body: JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: String(receive),
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:sweep',
    awsRegion: 'us-east-1',
  };
  return { Records: [record] };
}

function toContext(nowMs: () => number, invocationMs: number): Context {
  const endsAtMs = nowMs() + invocationMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'sweep',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:sweep',
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: 'local',
    logStreamName: 'local',
    getRemainingTimeInMillis: () => endsAtMs - nowMs(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
