import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { createSqsSweepQueue } from '../../../src/queue/sqs-sweep-queue.ts';
import type { QueuedMessage } from '../../../src/sweep/dispatch-ports.ts';
import { type AwsAnswer, type AwsCall, startAwsServer } from '../../support/aws-server.ts';

type Entry = { readonly Id: string; readonly MessageBody: string };

const entriesOf = ({ input }: AwsCall) => input.Entries as readonly Entry[];
const takes = (call: AwsCall, isTaken: (entry: Entry) => boolean = () => true): AwsAnswer => ({
  body: {
    Successful: entriesOf(call)
      .filter(isTaken)
      .map(({ Id }) => ({ Id, MessageId: `m${Id}`, MD5OfMessageBody: '' })),
    Failed: entriesOf(call)
      .filter((entry) => !isTaken(entry))
      .map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
  },
});

async function openQueue(answer: (call: AwsCall) => AwsAnswer) {
  const server = await startAwsServer(answer);
  const client = new SQSClient({ ...server.config, md5: false });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const queueUrl = `${server.endpoint}/000000000000/sweeps`;
  return { calls: server.calls, queueUrl, queue: createSqsSweepQueue({ client, queueUrl }) };
}

function messageFor(number: number, changes: Partial<QueuedMessage> = {}): QueuedMessage {
  const message = { connectionId: connectionId(`c${number}`), dueAt: instant(0) };
  return { message, tenantId: `tenant-${number % 2}`, ...changes };
}

describe('createSqsSweepQueue', () => {
  it('sends ten messages a call, each in the group of its tenant and after its delay', async () => {
    const { queue, calls, queueUrl } = await openQueue((call) => takes(call));
    const messages = Array.from({ length: 23 }, (_, number) => messageFor(number, { delaySeconds: number }));

    const left = await queue.send(messages);

    expect(left).toStrictEqual([]);
    expect(calls.map((call) => [call.operation, call.input.QueueUrl, entriesOf(call).length])).toStrictEqual([
      ['SendMessageBatch', queueUrl, 10],
      ['SendMessageBatch', queueUrl, 10],
      ['SendMessageBatch', queueUrl, 3],
    ]);
    expect(calls.flatMap(entriesOf)[11]).toStrictEqual({
      Id: '1',
      MessageBody: '{"connectionId":"c11","dueAt":"1970-01-01T00:00:00.000Z"}',
      MessageGroupId: 'tenant-1',
      DelaySeconds: 11,
    });
    expect(calls.flatMap(entriesOf)[0]).not.toHaveProperty('DelaySeconds');
  });

  it('asks for no longer delay than the service has', async () => {
    const { queue, calls } = await openQueue((call) => takes(call));

    await queue.send([messageFor(1, { delaySeconds: 5_000 })]);

    expect(calls.flatMap(entriesOf)).toMatchObject([{ DelaySeconds: 900 }]);
  });

  it('answers the messages that the service did not take', async () => {
    const { queue } = await openQueue((call) => takes(call, ({ Id }) => Id !== '1'));
    const messages = [messageFor(0), messageFor(1), messageFor(2)];

    expect(await queue.send(messages)).toStrictEqual([messages[1]]);
  });

  it('goes on after a call that failed, and answers its messages', async () => {
    let calls = 0;
    const { queue } = await openQueue((call) => {
      calls += 1;
      return calls === 1 ? { error: 'InternalError' } : takes(call);
    });
    const messages = Array.from({ length: 12 }, (_, number) => messageFor(number));

    expect(await queue.send(messages)).toStrictEqual(messages.slice(0, 10));
  });

  it('says that the queue is unavailable where no call went through', async () => {
    const { queue } = await openQueue(() => ({ error: 'AccessDenied' }));

    const thrown: unknown = await queue.send([messageFor(1)]).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(FeedError);
    expect(thrown).toMatchObject({ code: 'queue.unavailable', context: { messages: 1 } });
  });

  it('makes no call without messages', async () => {
    const { queue, calls } = await openQueue((call) => takes(call));

    expect([await queue.send([]), calls.length]).toStrictEqual([[], 0]);
  });
});
