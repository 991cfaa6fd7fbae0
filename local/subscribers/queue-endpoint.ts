import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { comesFromPage } from '../simulators/comes-from-page.ts';
import type { LocalQueue } from './local-queue.ts';
import { answerQueueRequest, type QueueAnswer, type QueueRequests } from './queue-requests.ts';

export type QueueEndpointOptions = {
  readonly queues: readonly LocalQueue[];
  /** The usual one, or any other where that is taken, where it is left out. */
  readonly port?: number | undefined;
  readonly nowMs: () => number;
};

/** SQS on loopback, for consumers of the queues in it. */
export type QueueEndpoint = {
  readonly endpoint: string;
  readonly urls: ReadonlyMap<string, string>;
  close(): Promise<void>;
};

const usualPort = 4710;
const account = '000000000000';
/** A message that was hidden becomes visible without anybody saying so. */
const lookEveryMs = 250;

/** Serves queues in the AWS JSON 1.0 protocol, for clients of the AWS SDK. Signatures are not looked at. */
export async function startQueueEndpoint({ queues, port, nowMs }: QueueEndpointOptions): Promise<QueueEndpoint> {
  const waiting = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of [...waiting]) wake();
  };
  for (const queue of queues) queue.onMessage = wakeAll;
  const ticking = setInterval(wakeAll, lookEveryMs);
  ticking.unref();
  let isClosing = false;
  const requests: QueueRequests = {
    queues: new Map(queues.map((queue) => [queue.name, queue])),
    urlOf: (name) => urlOf(name),
    nowMs: () => (isClosing ? Number.POSITIVE_INFINITY : nowMs()),
    waitFor: () =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      }),
  };
  const server = createServer((request, response) => {
    if (comesFromPage(request)) return void response.writeHead(403).end();
    answer(request, response, requests).catch(() => response.destroy());
  });
  const listenOn = async (wanted: number) => {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
  };
  if (port === undefined) await listenOn(usualPort).catch(() => listenOn(0));
  else await listenOn(port);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urlOf = (name: string) => `${endpoint}/${account}/${name}`;
  return {
    endpoint,
    urls: new Map(queues.map(({ name }) => [name, urlOf(name)])),
    async close() {
      isClosing = true;
      clearInterval(ticking);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      wakeAll();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, requests: QueueRequests): Promise<void> {
  const sent = await text(request);
  const operation = String(request.headers['x-amz-target']).replace(/^AmazonSQS\./, '');
  const said = await answerQueueRequest(operation, parse(sent), requests);
  if (response.destroyed) return;
  response.writeHead('error' in said ? 400 : 200, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
    ...('error' in said && { 'x-amzn-query-error': `${queryCode(said.error)};Sender` }),
  });
  response.end(JSON.stringify(bodyOf(said)));
}

function bodyOf(said: QueueAnswer): object {
  return 'error' in said ? { __type: said.error, message: said.message } : said.body;
}

/** The name that clients of the older protocol know this error by. */
function queryCode(error: string): string {
  const name = error.replace(/^.*#/, '');
  return name === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : name;
}

function parse(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}
