import * as z from 'zod/mini';
import { type EventBus, startEventBus } from '../../../local/event-bus/event-bus.ts';
import { createSimulatedDirectory } from '../../../local/simulators/create-simulated-directory.ts';
import { type SimulatedVendorName, simulatedVendors } from '../../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../../local/simulators/start-simulator.ts';
import type { Json } from '../../../src/model/json.ts';
import { askRaw, type RawAnswer } from '../ask-raw.ts';
import { Broken, type FuzzOutcome, type FuzzTarget } from '../fuzz-target.ts';
import { shapeOf } from '../oracles.ts';
import { type QueuesUnderFuzz, startQueues } from '../started-queues.ts';
import { toHeaders } from '../to-headers.ts';

const mostPeople = 20;
const names = Object.keys(simulatedVendors) as SimulatedVendorName[];
const at = [...names, 'bus', 'queues'] as const;

const inputShape = z.looseObject({
  at: z.catch(z.enum(at), 'bus'),
  method: z.catch(z.enum(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']), 'POST'),
  path: z.catch(z.string(), '/'),
  headers: z.catch(z.record(z.string(), z.unknown()), {}),
  body: z.optional(z.unknown()),
});

type Doors = {
  readonly simulators: ReadonlyMap<string, Simulator>;
  readonly bus: EventBus;
  readonly queues: QueuesUnderFuzz;
};

/** Whatever other programs of this machine may send: to the control of the simulators, to the bus and the queues of `ucf dev`. */
export async function openControls(): Promise<FuzzTarget> {
  const simulators = new Map<string, Simulator>();
  for (const vendor of names) simulators.set(vendor, await openSimulator(vendor));
  const bus = await startEventBus({ busNames: ['user-change-feed'], onEvent: () => undefined });
  const queues = await startQueues();
  const doors = { simulators, bus, queues };
  return {
    corpus: [...corpusOf(queues)],
    run: (input) => knock(doors, input),
    check: async () => {
      for (const simulator of simulators.values()) await checkSimulator(simulator);
    },
    async close() {
      for (const simulator of simulators.values()) await simulator.close();
      await bus.close();
      await queues.close();
    },
  };
}

function openSimulator(vendor: SimulatedVendorName): Promise<Simulator> {
  const directory = createSimulatedDirectory({ vendor, seed: 'fuzz', size: 5 });
  return startSimulator({ vendor, directory, nowMs: Date.now });
}

async function knock({ simulators, bus, queues }: Doors, input: Json): Promise<FuzzOutcome> {
  const read = inputShape.safeParse(input);
  if (!read.success) return { kind: 'refused', note: 'no input' };
  const { at: door, method, path, headers, body } = read.data;
  const simulator = simulators.get(door);
  const origin = simulator?.url ?? (door === 'bus' ? bus.endpoint : queues.endpoint);
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const answer = await askRaw({
    origin,
    method,
    path: path.startsWith('/') ? path : `/${path}`,
    headers: usable(toHeaders(headers)),
    body: text,
  });
  // Whoever sets a trap gets what he wishes; here the next one is to be answered.
  simulator?.traps.clear();
  if (simulator !== undefined) keepSmall(simulator);
  return judgeAnswer(answer, `${door} ${method}`);
}

/** A step of its script makes a simulator forget who has left. */
function keepSmall({ directory }: Simulator): void {
  if (directory.people().length <= mostPeople) return;
  for (const { id } of directory.people().slice(mostPeople / 2)) directory.remove(id);
  directory.advance();
}

function judgeAnswer(answer: RawAnswer, door: string): FuzzOutcome {
  if (answer === undefined) return { kind: 'refused', note: `${door} broken off` };
  const { status, text } = answer;
  if (status >= 500) throw new Broken('server_fault', `${door} answered ${status}: ${text.slice(0, 300)}`);
  if (/node:internal|\.ts:\d+/.test(text)) throw new Broken('stack_told', text.slice(0, 300));
  return { kind: status < 400 ? 'accepted' : 'refused', note: `${door} ${status} ${shapeOf(text).slice(0, 60)}` };
}

async function checkSimulator({ url, vendor }: Simulator): Promise<void> {
  const answer = await askRaw({ origin: url, method: 'GET', path: '/__simulator', headers: {}, body: '' });
  if (answer?.status !== 200) throw new Broken('simulator_down', `${vendor} answers ${answer?.status}`);
}

/** What decides on the connection itself, and is not the server's to judge. */
const ofConnection = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'upgrade',
  'keep-alive',
  'trailer',
  'te',
]);

function usable(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)));
}

function* corpusOf(queues: QueuesUnderFuzz): Generator<Json> {
  for (const vendor of names) {
    const control = (path: string, body: Json, method = 'POST') => ({
      at: vendor,
      method,
      path: `/__simulator${path}`,
      headers: {},
      body,
    });
    yield control('', '', 'GET');
    yield control('/users', '', 'GET');
    yield control('/users', {
      givenName: 'A',
      familyName: 'B',
      email: 'a@b.example',
      groups: [0],
      admin: true,
      status: 'active',
    });
    yield control('/users/1', { familyName: 'C', status: 'locked' });
    yield control('/users/1/remove', {});
    yield control('/advance', {});
    yield control('/traps', { error: { times: 1, status: 503, on: 'list', page: 1 }, rateLimited: true, slow: false });
    yield control('/traps/clear', {});
    yield {
      at: vendor,
      method: 'GET',
      path: `${simulatedVendors[vendor].basePath}/users?page=1&limit=2`,
      headers: { authorization: 'Bearer a' },
      body: '',
    };
  }
  for (const door of at)
    yield {
      at: door,
      method: 'POST',
      path: '/__simulator/users',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
      body: '{',
    };
  for (const vendor of names) yield { at: vendor, method: 'POST', path: '/__simulator/users/%', headers: {}, body: {} };
  const entry = {
    Source: 's',
    DetailType: 'user.created',
    Detail: '{"a":1}',
    EventBusName: 'user-change-feed',
    Time: 1,
    Resources: ['r'],
  };
  const bus = { at: 'bus', method: 'POST', path: '/' };
  yield {
    ...bus,
    headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
    body: { Entries: [entry, { ...entry, Detail: '{' }] },
  };
  yield { ...bus, headers: { 'x-amz-target': 'AWSEvents.DescribeEventBus' }, body: { Name: 'user-change-feed' } };
  for (const [operation, body] of Object.entries(queues.calls))
    yield { at: 'queues', method: 'POST', path: '/', headers: { 'x-amz-target': `AmazonSQS.${operation}` }, body };
}
