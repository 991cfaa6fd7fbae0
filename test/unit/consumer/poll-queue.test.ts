import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryConsumerTable, createUserEventHandler, pollQueue } from '../../../src/consumer/public.ts';
import { aUserEvent, bodyOf } from '../../support/event-envelope.ts';

let server: Server;
let client: SQSClient;
let queueUrl = '';
const waiting: { id: string; body: string }[] = [];
const deleted: string[] = [];
const stop = new AbortController();

beforeEach(async () => {
  server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const answer = answerTo(action, JSON.parse(chunks.join('')));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  queueUrl = `${endpoint}/000000000000/leavers`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint, region: 'us-east-1', credentials, md5: false });
});

afterEach(async () => {
  client.destroy();
  server.close();
  server.closeAllConnections();
});

/** A queue as SQS speaks: messages go out once, and polling stops when there are no more. */
function answerTo(action: string, input: { Entries?: { Id: string; ReceiptHandle: string }[] }): object {
  if (action === 'DeleteMessageBatch') {
    deleted.push(...(input.Entries ?? []).map(({ ReceiptHandle }) => ReceiptHandle));
    return { Successful: input.Entries?.map(({ Id }) => ({ Id })), Failed: [] };
  }
  const Messages = waiting
    .splice(0, 10)
    .map(({ id, body }) => ({ MessageId: id, ReceiptHandle: `receipt-${id}`, Body: body }));
  if (Messages.length === 0) stop.abort();
  return { Messages };
}

describe(pollQueue, () => {
  it('gives every message to the handler, and deletes those that it took', async () => {
    const applied: number[] = [];
    const handler = createUserEventHandler({
      table: createMemoryConsumerTable(),
      apply: async ({ metadata }) => void applied.push(metadata.revision),
      onFailure: () => undefined,
    });
    for (let revision = 1; revision <= 12; revision += 1)
      waiting.push({ id: `m${revision}`, body: revision === 5 ? 'not an event' : bodyOf(aUserEvent({ revision })) });

    await pollQueue({ client, queueUrl, handler, signal: stop.signal, waitSeconds: 0 });

    expect(applied).toStrictEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
    expect(deleted).toStrictEqual(applied.map((revision) => `receipt-m${revision}`));
  });
});
