import type { Simulator } from '../../local/simulators/start-simulator.ts';
import { instant } from '../../src/model/instant.ts';
import type { ToldFeed } from '../api/told-feed.ts';
import { findEvent } from './find-event.ts';
import { listEvents } from './list-events.ts';
import { orderSweep, type SweepPorts } from './order-sweep.ts';
import { refusal } from './refusal.ts';
import { type SettlePorts, settleHold } from './settle-hold.ts';
import { steerSimulator, tellSimulators } from './simulator-orders.ts';
import { tellConnectionDetail, tellConnections } from './tell-connections.ts';
import { tellHoldDetail, tellHolds } from './tell-holds.ts';
import { tellSweeps } from './tell-sweeps.ts';
import { searchUsers, tellUserDetail } from './tell-users.ts';

/** What requests are answered from. */
export type Desk = SettlePorts &
  SweepPorts & {
    /** What the feed is called, for people. */
    readonly name: string;
    readonly simulators: readonly Simulator[];
  };

/** A request that was let in. */
export type Asked = {
  /** What the pattern of the route has caught. */
  readonly names: readonly [string, string];
  readonly query: URLSearchParams;
  readonly body: unknown;
};

type Route = readonly [
  method: 'GET' | 'POST',
  path: RegExp,
  answer: (desk: Desk, asked: Asked) => Promise<object> | object,
];

/** A stack's table is paid by the read. */
const refreshSeconds = { embedded: 3, deployed: 15 } as const;

const maxEvents = 200;
const maxSweeps = 200;

const routes: readonly Route[] = [
  ['GET', /^\/api\/feed$/, tellFeed],
  ['GET', /^\/api\/connections$/, ({ feed }, { query }) => tellConnections(feed, query.get('after') ?? '')],
  ['GET', /^\/api\/connections\/([^/]+)$/, ({ feed }, { names: [id] }) => tellConnectionDetail(feed, id)],
  ['GET', /^\/api\/connections\/([^/]+)\/sweeps$/, ({ feed }, { names: [id] }) => tellSweeps(feed, id, maxSweeps)],
  ['POST', /^\/api\/connections\/([^/]+)\/sweeps$/, (desk, { names: [id] }) => orderSweep(desk, id)],
  [
    'GET',
    /^\/api\/connections\/([^/]+)\/users$/,
    ({ feed }, { names: [id], query }) => searchUsers(feed, id, query.get('search') ?? ''),
  ],
  [
    'GET',
    /^\/api\/connections\/([^/]+)\/users\/([^/]+)$/,
    ({ feed }, { names: [id, user] }) => tellUserDetail(feed, id, user),
  ],
  ['GET', /^\/api\/events$/, answerEvents],
  ['GET', /^\/api\/events\/([^/]+)$/, ({ feed }, { names: [key] }) => findEvent(feed, key)],
  ['GET', /^\/api\/holds$/, ({ feed }) => tellHolds(feed)],
  ['GET', /^\/api\/holds\/([^/]+)$/, ({ feed }, { names: [id] }) => tellHoldDetail(feed, id)],
  ['POST', /^\/api\/holds\/([^/]+)$/, (desk, { names: [id], body }) => settleHold(desk, id, body)],
  ['GET', /^\/api\/simulators$/, ({ simulators }) => tellSimulators(simulators)],
  [
    'POST',
    /^\/api\/simulators\/([^/]+)$/,
    ({ simulators }, { names: [vendor], body }) => steerSimulator(simulators, vendor, body),
  ],
];

/** Every path of the interface, as patterns: a test asks them all. */
export const apiPaths: readonly string[] = routes.map(([method, path]) => `${method} ${path.source}`);

/** The answer to a request that was let in. @throws a refusal where there is no such path */
export async function answerRoute(
  desk: Desk,
  method: string,
  url: URL,
  readBody: () => Promise<unknown>,
): Promise<object> {
  const route = routes.find(([of, pattern]) => of === method && pattern.test(url.pathname));
  if (route === undefined) throw refusal(404, `there is nothing at ${method} ${url.pathname}`);
  const [, pattern, answer] = route;
  const [, first = '', second = ''] = pattern.exec(url.pathname) ?? [];
  const names = [decode(first), decode(second)] as const;
  return answer(desk, { names, query: url.searchParams, body: method === 'POST' ? await readBody() : undefined });
}

function tellFeed({ name, simulators, feed }: Desk): ToldFeed {
  return {
    name,
    hasSimulators: simulators.length > 0,
    refreshSeconds: refreshSeconds[feed.runtime],
    now: instant(feed.nowMs()),
  };
}

function answerEvents({ feed }: Desk, { query }: Asked) {
  const wish = (name: string) => query.get(name) ?? '';
  const limit = Number(query.get('limit') ?? maxEvents);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxEvents)
    throw refusal(400, `limit has to be a number from 1 to ${maxEvents}`);
  const wishes = { connection: wish('connection'), type: wish('type'), user: wish('user'), before: wish('before') };
  return listEvents(feed, { ...wishes, limit });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw refusal(400, 'the path is not encoded as a path should be', { cause });
  }
}
