import { createHash } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createQueueTarget } from '../../../src/publish/queue-target.ts';
import { type AwsAnswer, type AwsCall, startAwsServer } from '../../support/aws-server.ts';
import { aUserEvent } from '../../support/builders.ts';

type Entry = { readonly Id: string; readonly MessageBody: string };
const entriesOf = ({ input }: AwsCall) => input.Entries as readonly Entry[];
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function answerFor(call: AwsCall, takes: (entry: Entry) => boolean = () => true): AwsAnswer {
  const taken = entriesOf(call).filter(takes);
  const left = entriesOf(call).filter((entry) => !takes(entry));
  return {
    body: {
      Successful: taken.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
      Failed: left.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    },
  };
}

async function openTarget(answer: (call: AwsCall) => AwsAnswer, name = 'users') {
  const server = await startAwsServer(answer);
  const client = new SQSClient(server.config);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const target = createQueueTarget({
    client,
    queueUrl: `${server.endpoint}/000000000000/${name}`,
    bodyOf: ({ metadata }) => `${metadata.sequence}`.padEnd(metadata.sequence > 100 ? 100_000 : 1),
    runId: () => 'run',
    sleep: async () => undefined,
  });
  return { target, calls: server.calls };
}

const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => {
    const { metadata, ...event } = aUserEvent();
    return { ...event, metadata: { ...metadata, sequence: from + n } };
  });
const bodies = (calls: readonly AwsCall[]) =>
  calls.map((call) => entriesOf(call).map(({ MessageBody }) => Number(MessageBody)));

describe('createQueueTarget', () => {
  it('sends ten messages a call, in order', async () => {
    const { target, calls } = await openTarget((call) => answerFor(call));
    await target.take(events(1, 23), 'acme');

    expect(bodies(calls).map(({ length }) => length)).toStrictEqual([10, 10, 3]);
    expect(bodies(calls).flat()).toStrictEqual(events(1, 23).map(({ metadata }) => metadata.sequence));
  });

  it('sends no more than 256 KB a call', async () => {
    const { target, calls } = await openTarget((call) => answerFor(call));
    await target.take(events(101, 105), 'acme');

    expect(bodies(calls)).toStrictEqual([[101, 102], [103, 104], [105]]);
  });

  it('sends again what was not taken, and only that', async () => {
    let tries = 0;
    const { target, calls } = await openTarget((call) => {
      tries += 1;
      return answerFor(call, ({ MessageBody }) => tries > 1 || Number(MessageBody) % 2 === 0);
    });
    await target.take(events(1, 4), 'acme');

    expect(bodies(calls)).toStrictEqual([
      [1, 2, 3, 4],
      [1, 3],
    ]);
  });

  it('gives up where a message is never taken, or the queue does not answer', async () => {
    const { target } = await openTarget((call) => answerFor(call, ({ MessageBody }) => MessageBody !== '2'));
    const { target: none } = await openTarget(() => ({ error: 'com.amazonaws.sqs#QueueDoesNotExist' }));

    await expect(target.take(events(1, 2), 'acme')).rejects.toMatchObject({
      code: 'queue.unavailable',
      context: { messages: 1 },
    });
    await expect(none.take(events(1, 2), 'acme')).rejects.toThrow(/did not take 2 messages; check its address/);
  });

  it('groups the messages of a FIFO queue by connection, and lets another run repeat them', async () => {
    const { target, calls } = await openTarget((call) => answerFor(call), 'users.fifo');
    await target.take(events(1, 1), 'acme');

    expect(calls.flatMap(entriesOf)).toMatchObject([
      { MessageGroupId: 'acme-openproject', MessageDeduplicationId: '5f0f3c0e-7d0b-5a52-9a43-1c6f6c3f7a55-run' },
    ]);
  });
});
