import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { connectionId } from '../../src/model/ids.ts';
import { logItem } from '../../src/store/log-store.ts';
import { readMappingRules } from '../support/mapping-rules.ts';
import { createQueueMapping } from '../support/queue-mapping.ts';
import { createStreamMapping, type TableChange } from '../support/stream-mapping.ts';
import { aBatch, anEventBatch } from '../unit/store/sample-log.ts';

const rules = readMappingRules();
const id = connectionId('acme');
const inserted = (position: number): TableChange => ({
  eventName: 'INSERT',
  item: logItem(anEventBatch(id, position)),
});

type Answer = { readonly batchItemFailures: { itemIdentifier: string }[] } | undefined;
type StreamStory = {
  readonly records?: number;
  readonly changes?: Partial<typeof rules.stream>;
  /** The numbers of what was delivered, from 1, and how often the function had been called before. */
  readonly answer: (delivered: readonly number[], calls: number) => Answer;
};

const numberOf = (position: number) => String(position).padStart(24, '0');
const failing = (...positions: readonly number[]): Answer => ({
  batchItemFailures: positions.map((position) => ({ itemIdentifier: numberOf(position) })),
});

/** A function before the stack's mapping: what it was given, and what was given up. */
async function deliver({ records = 4, changes = {}, answer }: StreamStory) {
  const clock = { nowMs: Date.parse('2026-11-23T12:00:00Z') };
  const given: (readonly number[])[] = [];
  const mapping = createStreamMapping({
    rules: { ...rules.stream, ...changes },
    async handler({ Records }: DynamoDBStreamEvent) {
      const delivered = Records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber));
      given.push(delivered);
      return answer(delivered, given.length - 1);
    },
    nowMs: () => clock.nowMs,
  });
  mapping.put('shard', ...Array.from({ length: records }, (_, n) => inserted(n + 1)));
  return { mapping, clock, given };
}

describe("the stack's rules for the stream", () => {
  it('report failures one by one, split, end, and keep what was given up', () => {
    const { filters, ...others } = rules.stream;

    expect(others).toStrictEqual({
      batchSize: 100,
      parallelization: 1,
      isPartial: true,
      bisects: true,
      maxRetries: 30,
      maxAgeSeconds: 21_600,
      keeps: 'payload',
    });
    expect(filters).toHaveLength(1);
  });
});

describe('a stream mapping', () => {
  it('delivers in order, as many records at once as it may', async () => {
    const { mapping, given } = await deliver({ records: 5, changes: { batchSize: 2 }, answer: () => undefined });

    await mapping.drain();

    expect(given).toStrictEqual([[1, 2], [3, 4], [5]]);
  });

  it('delivers from the lowest failure on once more, also what had succeeded behind it', async () => {
    const { mapping, given } = await deliver({ answer: (_, calls) => (calls === 0 ? failing(4, 2) : failing()) });

    await mapping.drain();

    expect(given).toStrictEqual([
      [1, 2, 3, 4],
      [2, 3, 4],
    ]);
  });

  it.each([
    ['empty', ''],
    ['of no record in the batch', 'elsewhere'],
  ])('takes an identifier that is %s for a failure of all', async (_, itemIdentifier) => {
    const { mapping, given } = await deliver({
      records: 2,
      answer: (_delivered, calls) => (calls === 0 ? { batchItemFailures: [{ itemIdentifier }] } : undefined),
    });

    await mapping.drain();

    expect(given).toStrictEqual([[1, 2], [1], [2]]);
  });

  it('takes every answer for a success where failures are not asked for', async () => {
    const { mapping, given } = await deliver({ changes: { isPartial: false }, answer: () => failing(1) });

    await mapping.drain();

    expect(given).toStrictEqual([[1, 2, 3, 4]]);
  });

  it('splits a batch that kills the function, which costs no retry, until the killer is alone', async () => {
    const { mapping, given } = await deliver({
      changes: { maxRetries: 1 },
      answer: (delivered) => {
        if (delivered.includes(3)) throw new Error('out of memory');
        return undefined;
      },
    });

    await mapping.drain();

    expect(given).toStrictEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(mapping.givenUp).toMatchObject([{ why: 'retries', from: numberOf(3), to: numberOf(3), size: 1 }]);
  });

  it('delivers a batch that kills the function as a whole again where it does not split', async () => {
    const { mapping, given } = await deliver({
      changes: { maxRetries: 2, bisects: false, keeps: 'place' },
      answer: () => {
        throw new Error('out of memory');
      },
    });

    await mapping.drain();

    expect(given).toHaveLength(3);
    expect(mapping.givenUp).toStrictEqual([
      { why: 'retries', shard: 'shard', from: numberOf(1), to: numberOf(4), size: 4 },
    ]);
  });

  it('gives up what fails after its retries, with all that follows in the batch and its content, and goes on', async () => {
    const { mapping, given } = await deliver({
      records: 5,
      changes: { maxRetries: 2, batchSize: 4 },
      answer: (delivered) => (delivered.includes(2) ? failing(2) : undefined),
    });

    await mapping.drain();

    expect(given).toStrictEqual([[1, 2, 3, 4], [2, 3, 4], [2, 3, 4], [5]]);
    expect(mapping.givenUp).toMatchObject([{ why: 'retries', from: numberOf(2), to: numberOf(4), size: 3 }]);
    const { Records } = JSON.parse(mapping.givenUp[0]?.payload ?? '') as DynamoDBStreamEvent;
    expect(Records.map(({ dynamodb }) => dynamodb?.NewImage?.position?.N)).toStrictEqual(['2', '3', '4']);
  });

  it('gives up what is too old without delivering it', async () => {
    const { mapping, clock, given } = await deliver({ records: 2, answer: () => undefined });
    clock.nowMs += rules.stream.maxAgeSeconds * 1000 + 1000;
    mapping.put('shard', inserted(3));

    await mapping.drain();

    expect(given).toStrictEqual([[3]]);
    expect(mapping.givenUp).toMatchObject([{ why: 'age', from: numberOf(1), to: numberOf(2) }]);
  });

  it('invokes nobody for anything but new log batches with events', async () => {
    const { mapping, given } = await deliver({ records: 0, answer: () => undefined });
    const batch = logItem(anEventBatch(id, 1));

    mapping.put(
      'shard',
      { eventName: 'MODIFY', item: batch },
      { eventName: 'REMOVE', item: batch },
      { eventName: 'INSERT', item: logItem(aBatch(id, 2)) },
      { eventName: 'INSERT', item: { ...batch, sk: 'state' } },
    );
    await mapping.drain();

    expect(given).toStrictEqual([]);
  });
});

/** A function before the stack's queue, which fails for some bodies. */
function openQueue(answer: (bodies: readonly string[]) => Answer, changes: Partial<typeof rules.queue> = {}) {
  const clock = { nowMs: 0 };
  const given: (readonly (readonly [string, string])[])[] = [];
  const queue = createQueueMapping({
    rules: { ...rules.queue, ...changes },
    async handler({ Records }: SQSEvent) {
      given.push(Records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount]));
      return answer(Records.map(({ body }) => body));
    },
    nowMs: () => clock.nowMs,
  });
  return { queue, clock, given };
}

const failed = (itemIdentifier: string): Answer => ({ batchItemFailures: [{ itemIdentifier }] });

describe('a queue mapping', () => {
  it('gives a message that fails out again when its visibility is over, and puts it aside after its receives', async () => {
    const { queue, clock, given } = openQueue(() => failed('message-1'));
    queue.send('a');

    for (let hour = 0; hour < 12; hour += 1) {
      await queue.step();
      clock.nowMs += 3_600_000;
    }

    expect(given).toStrictEqual([[['a', '1']], [['a', '2']], [['a', '3']]]);
    expect([queue.deadLetters, queue.waiting]).toStrictEqual([['a'], 0]);
  });

  it('deletes what is done, and keeps what failed alone', async () => {
    const { queue, given } = openQueue(() => failed('message-2'), { batchSize: 3 });
    for (const body of ['a', 'b', 'c']) queue.send(body);

    await queue.step();

    expect([given.length, queue.waiting]).toStrictEqual([1, 1]);
  });

  it.each<[string, () => Answer, number]>([
    ['an identifier of none of them', () => failed('elsewhere'), 3],
    ['an error', () => Promise.reject(new Error('out of memory')) as never, 3],
    ['no answer', () => undefined, 0],
  ])('takes %s for what it is: all failed, or none', async (_, answer, waiting) => {
    const { queue } = openQueue(answer, { batchSize: 3 });
    for (const body of ['a', 'b', 'c']) queue.send(body);

    await queue.step();

    expect(queue.waiting).toBe(waiting);
  });
});
