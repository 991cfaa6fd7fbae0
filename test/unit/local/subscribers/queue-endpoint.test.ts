import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../../local/event-bus/bus-event.ts';
import { createLocalQueue, type LocalQueue } from '../../../../local/subscribers/local-queue.ts';
import { type Mailboxes, openMailboxes } from '../../../../local/subscribers/mailboxes.ts';
import { type QueueEndpoint, startQueueEndpoint } from '../../../../local/subscribers/queue-endpoint.ts';

let folder: string;
let mailboxes: Mailboxes;
let endpoint: QueueEndpoint;
let queue: LocalQueue;
let client: SQSClient;
let nowMs: number;
let QueueUrl: string;
let offer: (n: number) => Promise<void>;

const anEvent = (n: number) => ({ id: `event-${n}`, resources: ['acme'], detail: {} }) as unknown as BusEvent;

async function open() {
  mailboxes = await openMailboxes(folder);
  const mailbox = await mailboxes.open('users');
  queue = createLocalQueue('users', mailbox, () => nowMs);
  offer = async (n) => queue.add(await mailbox.add(anEvent(n)));
  endpoint = await startQueueEndpoint({ queues: [queue], port: 0, nowMs: () => nowMs });
  client = new SQSClient({
    endpoint: endpoint.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  QueueUrl = endpoint.urls.get('users') ?? '';
}

async function close() {
  client.destroy();
  await endpoint.close();
  await mailboxes.close();
}

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 23);
  folder = await mkdtemp(join(tmpdir(), 'ucf-queue-'));
  await open();
});

afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const receive = async (settings: object = {}): Promise<readonly Message[]> =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...settings }))).Messages ?? [];
const idsOf = (messages: readonly Message[]) => messages.map(({ Body = '' }) => (JSON.parse(Body) as BusEvent).id);

describe('a queue on loopback', () => {
  it('is found by its name, and another is not', async () => {
    expect(await client.send(new GetQueueUrlCommand({ QueueName: 'users' }))).toMatchObject({ QueueUrl });
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'others' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('hands out a message once, and again when its time is over, until it is deleted', async () => {
    await offer(1);
    const [first] = await receive({ VisibilityTimeout: 30 });
    const hidden = await receive();
    nowMs += 30_000;
    const again = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    nowMs += 60_000;

    expect(first?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    expect(hidden).toStrictEqual([]);
    expect(idsOf(again)).toStrictEqual(['event-1']);
    expect(again[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
    expect(await receive()).toStrictEqual([]);
  });

  it('gives a message back at once when its visibility ends, and tells how many there are', async () => {
    await offer(1);
    const [message] = await receive();
    const { Attributes: before } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 }),
    );

    expect(before).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
    expect(idsOf(await receive())).toStrictEqual(['event-1']);
  });

  it('answers who waits as soon as there is a message', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await offer(7);

    expect(idsOf(await waiting)).toStrictEqual(['event-7']);
  });

  it('keeps what was not deleted when its process ends, in order', async () => {
    for (let n = 1; n <= 12; n += 1) await offer(n);
    const taken = (await receive()).slice(0, 3);
    const Entries = taken.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    const { Successful } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    await close();
    await open();
    await offer(13);

    expect(Successful).toHaveLength(3);
    expect([...idsOf(await receive()), ...idsOf(await receive())]).toStrictEqual(
      Array.from({ length: 10 }, (_, n) => `event-${n + 4}`),
    );
  });

  it.each([
    ['ReceiveMessage', { MaxNumberOfMessages: 11 }],
    ['ReceiveMessage', { WaitTimeSeconds: 21 }],
  ])('refuses a %s of %j', async (_, settings) => {
    await expect(receive(settings)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('refuses a handle that it has not given', async () => {
    await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }))).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
  });
});
