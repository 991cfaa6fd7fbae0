import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { createMemoryConsumerTable, createUserEventHandler, pollQueue } from '../../src/consumer/public.ts';
import type { UserEvent } from '../../src/events/published-event.ts';

/** Whoever hears of the feed: a webhook, and a consumer of a queue who keeps a table of his own. Both outlive the feed. */
export type OutsideConsumers = {
  /** What `ucf dev` has to be told. */
  readonly words: readonly string[];
  /** In the order in which they came. */
  readonly posted: readonly BusEvent[];
  readonly polled: readonly BusEvent[];
  /** What the consumer keeps of the present users of a connection, by id. */
  usersOf(connectionId: string): ReadonlyMap<string, string>;
  /** What the consumer could not take. */
  readonly failures: readonly string[];
  /** Resolves with so many more events at the webhook. */
  heard(events: number): Promise<void>;
  close(): Promise<void>;
};

const queueName = 'users';

export async function startOutsideConsumers(textOf: (event: UserEvent) => string): Promise<OutsideConsumers> {
  const posted: BusEvent[] = [];
  const polled: BusEvent[] = [];
  const failures: string[] = [];
  const listeners = new Set<() => void>();
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        posted.push(JSON.parse(body) as BusEvent);
        response.writeHead(204).end();
        for (const listener of [...listeners]) listener();
      },
      // The feed died while it was posting.
      () => response.destroy(),
    );
  });
  const port = await listen(server);
  const queuePort = await freePort();
  const table = createMemoryConsumerTable();
  const handler = createUserEventHandler({
    table,
    applyInSameWrite: (event) => ({
      connectionId: event.metadata.connectionId,
      userId: event.metadata.userId,
      text: event.type === 'user.deleted' ? undefined : textOf(event),
    }),
    onFailure: (failed) => failures.push(JSON.stringify(failed)),
  });
  const stopping = new AbortController();
  const polling = pollForEver(queuePort, stopping.signal, (batch) => {
    for (const { body } of batch.Records) polled.push(JSON.parse(body) as BusEvent);
    return handler(batch);
  });
  return {
    words: ['--deliver', `http://127.0.0.1:${port}/hook`, '--queue', queueName, '--queue-port', String(queuePort)],
    posted,
    polled,
    failures,
    usersOf(connectionId) {
      const own = table.rows().filter((row) => row.connectionId === connectionId && row.text !== undefined);
      return new Map(own.map(({ userId, text: known }) => [String(userId), String(known)]));
    },
    heard(events) {
      const wanted = posted.length + events;
      return new Promise((resolve) => {
        const look = () => {
          if (posted.length < wanted) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
      });
    },
    async close() {
      stopping.abort();
      await polling;
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The queue is gone whenever the feed is. */
async function pollForEver(
  queuePort: number,
  signal: AbortSignal,
  handler: Parameters<typeof pollQueue>[0]['handler'],
): Promise<void> {
  const endpoint = `http://127.0.0.1:${queuePort}`;
  const credentials = { accessKeyId: 'consumer', secretAccessKey: 'consumer' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const queueUrl = `${endpoint}/000000000000/${queueName}`;
  while (!signal.aborted) {
    await pollQueue({ client, queueUrl, handler, signal, waitSeconds: 1 }).catch(() => undefined);
    await sleep(50);
  }
  client.destroy();
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
