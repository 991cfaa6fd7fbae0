import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { feedEventSchema } from '../../src/events/feed-event.ts';
import { FeedError, isFeedError } from '../../src/model/feed-error.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import { guardRequest } from './guard-request.ts';
import { createLiveEvents, type LiveEvents } from './live-events.ts';
import { createPageFiles } from './page-files.ts';
import { readBody } from './read-body.ts';
import { isRefusal, refusal } from './refusal.ts';
import { answerJson, beginAnswer } from './respond.ts';
import { answerRoute, type Desk } from './routes.ts';
import { createEventStreams } from './stream-events.ts';
import { tellEvent } from './tell-event.ts';

export type ConsoleOptions = Omit<Desk, 'sweeping'> & {
  /** Any port near the usual one where left out. */
  readonly port: number | undefined;
};

/** A console that is up, on loopback. */
export type RunningConsole = {
  /** With the token in its fragment, which no browser sends anywhere: whoever knows it may read and act. */
  readonly url: string;
  /** Shows an event as soon as it was delivered. */
  offer(event: BusEvent): void;
  readonly live: LiveEvents;
  close(): Promise<void>;
};

const usualPort = 4700;

/** Serves the console. @throws config.invalid where a port that was asked for is taken */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const token = randomBytes(24).toString('base64url');
  const live = createLiveEvents();
  const desk: Desk = { ...options, sweeping: new Set<ConnectionId>() };
  const parts = { desk, files: createPageFiles(), stream: createEventStreams(live) };
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    serve(request, response, { ...parts, gate: { port, token } }).catch((error: unknown) => {
      refuse(response, error, desk);
    });
  });
  const listenOn = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const { port } = options;
  // A port somebody asked for is theirs to free; without a wish any other will do.
  if (port === undefined) await listenOn(usualPort).catch(() => listenOn(0));
  else await listenOn(port).catch((cause: NodeJS.ErrnoException) => Promise.reject(portTaken(port, cause)));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#token=${token}`,
    live,
    offer(delivered) {
      // Whatever becomes of showing it, it is delivered.
      try {
        offerDelivered(delivered, live);
      } catch (error) {
        options.onFault('showing an event in the console', error);
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function offerDelivered(delivered: BusEvent, live: LiveEvents): void {
  const event = feedEventSchema.parse({ ...delivered.detail, type: delivered['detail-type'] });
  // Notices of a connection's health have no place in the order of events; its standing shows them.
  if ('sequence' in event.metadata) live.offer(tellEvent(event as Parameters<typeof tellEvent>[0]));
}

type Serving = {
  readonly desk: Desk;
  readonly files: ReturnType<typeof createPageFiles>;
  readonly stream: (response: ServerResponse) => void;
  readonly gate: Parameters<typeof guardRequest>[1];
};

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { desk, files, stream, gate }: Serving,
): Promise<void> {
  const { method = '', headers } = request;
  // The authority of the address is not looked at: the guard has its own word on the host.
  const url = new URL(`http://console${/^\/[^\\]*/.exec(request.url ?? '')?.[0].replace(/^\/+/, '/') ?? '/'}`);
  const refused = guardRequest({ method, path: url.pathname, headers }, gate);
  if (refused !== undefined) throw refused;
  if (method === 'GET' && url.pathname === '/api/stream') {
    stream(response);
    return;
  }
  if (url.pathname.startsWith('/api/')) {
    answerJson(response, 200, await answerRoute(desk, method, url, () => readBody(request)));
    return;
  }
  const file = await files(url.pathname);
  if (file === undefined) throw refusal(404, 'there is no such file');
  beginAnswer(response, 200, file.type);
  response.end(file.text);
}

function refuse(response: ServerResponse, error: unknown, { onFault }: Desk): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, said } = wordFault(error);
  // What is left of its body is not read.
  if (status === 413) response.setHeader('connection', 'close');
  if (status === 500) onFault('serving the console', error);
  answerJson(response, status, { error: said });
}

/** A failure that this program has words for is told; of any other the page learns only that there was one. */
function wordFault(error: unknown): { readonly status: number; readonly said: string } {
  if (isRefusal(error)) return { status: error.status, said: error.message };
  if (isFeedError(error, 'config.invalid')) return { status: 404, said: error.message };
  if (isFeedError(error, 'log.expired', 'log.ahead')) return { status: 410, said: error.message };
  return { status: 500, said: isFeedError(error) ? error.message : 'this could not be read; ucf has printed why' };
}

function portTaken(port: number, cause: NodeJS.ErrnoException): FeedError {
  const message = `cannot be listened on (${cause.code}); name a free one, or leave it out`;
  const faults = [{ path: '--port', message }];
  return new FeedError('config.invalid', `--port ${port}: ${message}`, { faults }, { cause });
}
