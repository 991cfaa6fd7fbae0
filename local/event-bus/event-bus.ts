import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { comesFromPage } from '../simulators/comes-from-page.ts';
import { type Answer, refuse } from './answer.ts';
import { type ArmedFaults, type BusFault, type BusFaults, createBusFaults } from './bus-faults.ts';
import { describeEventBus } from './describe-event-bus.ts';
import { type OnEvent, putEvents } from './put-events.ts';

export type EventBusOptions = {
  /** The buses that exist. Entries for any other are dropped without a word, as the service does. */
  readonly busNames: readonly string[];
  readonly onEvent: OnEvent;
  /** A free port where left out. */
  readonly port?: number;
  readonly faults?: readonly BusFault[];
  /** Epoch milliseconds, for entries that bring no time. */
  readonly now?: () => number;
  readonly makeEventId?: () => string;
};

export type EventBus = {
  readonly endpoint: string;
  readonly port: number;
  readonly faults: BusFaults;
  /** Cuts every connection; resolves when no event is being handed over any more. */
  close(): Promise<void>;
};

/**
 * EventBridge's `PutEvents` and `DescribeEventBus` on loopback, in the AWS JSON 1.1 protocol, for clients of the AWS
 * SDK. Calls are carried out one at a time, so that events arrive in the order in which calls did. Signatures are not
 * looked at.
 */
export async function startEventBus(options: EventBusOptions): Promise<EventBus> {
  const faults = createBusFaults(options.faults);
  const stopping = new AbortController();
  const operations = createOperations(options, faults, stopping.signal);
  const inFlight = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    if (comesFromPage(request)) return void response.writeHead(403).end();
    const answering = answerRequest(request, response, operations).finally(() => inFlight.delete(answering));
    inFlight.add(answering);
  });
  const port = await listen(server, options.port ?? 0);

  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    faults,
    close: async () => {
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, ...inFlight]);
    },
  };
}

/** Undefined leaves the request without an answer. */
type Operation = (body: unknown) => Promise<Answer | undefined>;
type Operations = ReadonlyMap<string, Operation>;

function createOperations(options: EventBusOptions, faults: ArmedFaults, stopping: AbortSignal): Operations {
  const busNames = new Set(options.busNames);
  const deps = { now: Date.now, makeEventId: randomUUID, ...options, busNames, faults };
  let lastCall: Promise<unknown> = Promise.resolve();

  async function putInTurn(body: unknown): Promise<Answer | undefined> {
    const slow = faults.fireForCall('slow');
    if (slow?.kind === 'slow') await sleep(slow.delayMs, undefined, { signal: stopping });
    if (faults.fireForCall('call_throttled')) return refuse('ThrottlingException', 'Rate exceeded');
    if (faults.fireForCall('call_failed')) return refuse('InternalException', 'A planted fault.', 500);
    const call = lastCall.then(() => putEvents(body, deps));
    lastCall = call.catch(() => undefined);
    const answer = await call;
    return faults.fireForCall('answer_lost') ? undefined : answer;
  }

  return new Map<string, Operation>([
    ['AWSEvents.PutEvents', putInTurn],
    ['AWSEvents.DescribeEventBus', async (body) => describeEventBus(body, busNames)],
  ]);
}

async function answerRequest(request: IncomingMessage, response: ServerResponse, operations: Operations) {
  const answer = await carryOut(request, operations).catch(toAnswer);
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(answer.body));
}

async function carryOut(request: IncomingMessage, operations: Operations): Promise<Answer | undefined> {
  const operation = operations.get(String(request.headers['x-amz-target']));
  const sent = await text(request);
  if (operation === undefined) return refuse('UnknownOperationException', 'Only PutEvents and DescribeEventBus.');
  return operation(JSON.parse(sent));
}

/** Nothing is answered where nobody waits: the client has gone, or the bus is closing. */
function toAnswer(cause: unknown): Answer | undefined {
  if (cause instanceof SyntaxError) return refuse('SerializationException', 'The request is not JSON.');
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ABORT_ERR' || code === 'ECONNRESET') return undefined;
  return refuse('InternalException', cause instanceof Error ? cause.message : String(cause), 500);
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
