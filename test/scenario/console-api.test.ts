import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToldEvent } from '../../console/api/told-event.ts';
import { apiPaths } from '../../console/server/routes.ts';
import { livedInWorld } from '../browser/support/lived-in-world.ts';
import type { ServedWorld } from '../browser/support/served-world.ts';
import { type Asking, askConsole } from '../unit/console/ask-console.ts';

let served: ServedWorld;

beforeAll(async () => {
  served = await livedInWorld();
});

afterAll(() => served?.close());

const ask = (path: string, asking?: Asking) => askConsole(served.url, path, asking);
const post = (path: string, body: object) => ask(path, { method: 'POST', body });
const eventsOf = async (query: string): Promise<readonly ToldEvent[]> =>
  (await ask(`/api/events?${query}`)).json.events;

/** One of each type at each connection: others are told alike. */
function ofEachType(events: readonly ToldEvent[]): readonly ToldEvent[] {
  const kindOf = ({ type, connectionId }: ToldEvent) => `${type} ${connectionId}`;
  return [...new Map(events.map((event) => [kindOf(event), event])).values()];
}

/** An address for each path of the interface, that its answer is good for. */
async function addresses(): Promise<ReadonlyMap<string, readonly string[]>> {
  const connections = served.world.connections.map(({ id }) => `/api/connections/${id}`);
  const events = await eventsOf('limit=200');
  const { users } = (await ask(`${connections[0]}/users`)).json;
  const { holds } = (await ask('/api/holds')).json;
  const known: Readonly<Record<string, readonly string[]>> = {
    'GET /api/feed': ['/api/feed'],
    'GET /api/connections': ['/api/connections'],
    'GET /api/connections/*': connections,
    'GET /api/connections/*/sweeps': connections.map((one) => `${one}/sweeps`),
    'POST /api/connections/*/sweeps': connections.map((one) => `${one}/sweeps`),
    'GET /api/connections/*/users': connections.map((one) => `${one}/users`),
    'GET /api/connections/*/users/*': [`${connections[0]}/users/${users[0].userId}`],
    'GET /api/events': ['/api/events'],
    'GET /api/events/*': ofEachType(events).map(({ key }) => `/api/events/${encodeURIComponent(key)}`),
    'GET /api/holds': ['/api/holds'],
    'GET /api/holds/*': [`/api/holds/${holds[0].holdId}`],
    'POST /api/holds/*': [`/api/holds/${holds[0].holdId}`],
    'GET /api/simulators': ['/api/simulators'],
    'POST /api/simulators/*': served.world.simulators.map(({ vendor }) => `/api/simulators/${vendor}`),
  };
  return new Map(
    apiPaths.map((path) => {
      const name = path.replaceAll('([^/]+)', '*').replaceAll(/[\\^$]/g, '');
      return [name, known[name] ?? []];
    }),
  );
}

/** What must be in no answer: what opens a vendor, what keys the digests, and how the table is kept. */
async function secrets(): Promise<readonly string[]> {
  const credentials = Object.entries(served.world.environment).filter(([name]) => !/username/i.test(name));
  const states = await Promise.all(served.world.connections.map(({ id }) => served.feed.store.readState(id)));
  const keys = states.flatMap((state) => state?.digestKey ?? []);
  return [
    ...credentials.flatMap(([name, value]) => [name, value ?? '']),
    ...keys,
    ...['digestKey', 'leaseToken', 'checkpoint', 'credentials', '"pk"', '"sk"'],
  ];
}

const bodies: Readonly<Record<string, object>> = {
  'POST /api/simulators/*': { act: 'disarm_all' },
  'POST /api/holds/*': { verdict: 'rejected' },
};

function askAs(name: string, path: string) {
  return name.startsWith('POST') ? post(path, bodies[name] ?? {}) : ask(path);
}

describe('the interface of the console', () => {
  it('says of every path what it knows, and never a secret', async () => {
    const hidden = await secrets();
    const asked = await addresses();
    const found: string[] = [];
    for (const [name, paths] of asked)
      for (const path of paths) {
        const { status, text } = await askAs(name, path);
        const said = hidden.filter((one) => text.includes(one)).map((one) => `${path} says ${one}`);
        found.push(...said, ...(status === 200 ? [] : [`${path} answers ${status}`]));
      }

    expect([...asked].filter(([, paths]) => paths.length === 0)).toStrictEqual([]);
    expect(hidden.every((one) => one.length > 3)).toBe(true);
    expect(found).toStrictEqual([]);
  });
});

describe('GET /api/connections', () => {
  it('says how each stands, and of what is held how much and why', async () => {
    const { connections } = (await ask('/api/connections')).json;

    const health = Object.fromEntries(connections.map((one: { id: string; health: string }) => [one.id, one.health]));
    expect(health).toMatchObject({ 'simulated-truto': 'fresh', 'simulated-openproject': 'failing' });
  });

  it('leaves out whoever stands before a place', async () => {
    const { connections } = (await ask('/api/connections?after=simulated-truto')).json;

    expect(connections.map(({ id }: { id: string }) => id)).toStrictEqual(['simulated-yuuvis']);
  });
});

describe('GET /api/events', () => {
  it('tells the newest first', async () => {
    const times = (await eventsOf('limit=200')).map(({ at }) => at);

    expect(times.length).toBeGreaterThan(100);
    expect(times).toStrictEqual(times.toSorted().toReversed());
  });

  it('tells every event once, in the same order, however small the pages are', async () => {
    const whole = await eventsOf('limit=200');
    const pages: ToldEvent[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const answer: { events: ToldEvent[]; next?: string } = (
        await ask(`/api/events?limit=7&before=${encodeURIComponent(next)}`)
      ).json;
      pages.push(...answer.events);
      next = answer.next;
    }

    expect(pages.map(({ key }) => key)).toStrictEqual(whole.map(({ key }) => key));
    expect(new Set(pages.map(({ key }) => key)).size).toBe(pages.length);
  });

  it('tells of one connection, one type and one user what fits, and nothing else', async () => {
    const all = await eventsOf('limit=200');
    const someone = all.find(({ type }) => type === 'user.updated');
    const ofUser = await eventsOf(`user=${encodeURIComponent(someone?.who.toUpperCase() ?? '')}&limit=200`);
    const deleted = await eventsOf('type=user.deleted&limit=200');
    const leen = await eventsOf('connection=simulated-leen&limit=200');

    const keysOf = (events: readonly ToldEvent[]) => events.map(({ key }) => key);
    expect(keysOf(ofUser)).toStrictEqual(keysOf(all.filter(({ who }) => who === someone?.who)));
    expect(keysOf(deleted)).toStrictEqual(keysOf(all.filter(({ type }) => type === 'user.deleted')));
    expect(keysOf(leen)).toStrictEqual(keysOf(all.filter(({ connectionId }) => connectionId === 'simulated-leen')));
    expect([ofUser, deleted, leen].every((events) => events.length > 0)).toBe(true);
  });

  it('opens an event with its reasons, both sides and the evidence of its sweep', async () => {
    const [updated] = await eventsOf('type=user.updated&limit=1');
    const { json } = await ask(`/api/events/${encodeURIComponent(updated?.key ?? '')}`);

    expect(json.event).toStrictEqual(updated);
    expect(json.reasons[0]).toBe('The list shows other values than in the sweep before.');
    expect(json.sides[0]).toStrictEqual({ ...updated?.changes[0], isChanged: true });
    expect(json.evidence.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['end signal']));
    expect(JSON.parse(json.published)).toMatchObject({ type: 'user.updated' });
  });
});

describe('GET /api/connections/*/users', () => {
  it('finds users by a part of name, address or id, in either case', async () => {
    const path = '/api/connections/simulated-truto/users';
    const [someone] = (await ask(path)).json.users;
    const found = await Promise.all(
      [someone.name.toUpperCase(), someone.userId].map(async (text) => {
        const { users } = (await ask(`${path}?search=${encodeURIComponent(text)}`)).json;
        return users.map(({ userId }: { userId: string }) => userId);
      }),
    );

    expect(found).toStrictEqual([[someone.userId], [someone.userId]]);
    expect((await ask(`${path}?search=nobodyiscalledthis`)).json).toStrictEqual({ users: [], isPartial: false });
  });
});
