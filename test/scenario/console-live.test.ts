import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ToldEvent } from '../../console/api/told-event.ts';
import { createLogFollower } from '../../console/server/follow-log.ts';
import { listEvents } from '../../console/server/list-events.ts';
import { createLiveEvents } from '../../console/server/live-events.ts';
import { startConsole } from '../../console/server/start-console.ts';
import { type ServedWorld, serveWorld } from '../browser/support/served-world.ts';
import { readAddress } from '../unit/console/ask-console.ts';

/** Each of these takes seconds: `npm run test:long` has them all. */
const isLong = process.env.EVERY_CALL === '1';

let served: ServedWorld;

beforeAll(async () => {
  served = await serveWorld();
});

afterAll(() => served.close());

const wishes = { connection: '', type: '', user: '', before: '', limit: 200 };
const keysOf = (events: readonly ToldEvent[]) => events.map(({ key }) => key);

/** Some minutes in which every vendor changes. */
async function live(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    served.wait(15);
    await served.world.advance();
    await served.sweep();
  }
}

/** What a page hears on its stream. */
async function openStream(url: string) {
  const { origin, token } = readAddress(url);
  const leaving = new AbortController();
  const response = await fetch(`${origin}/api/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  const messages: (readonly ToldEvent[])[] = [];
  const reading = (async () => {
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
      for (const line of part.split('\n')) if (line.startsWith('data: ')) messages.push(JSON.parse(line.slice(6)));
  })().catch(() => undefined);
  const leave = async () => {
    leaving.abort();
    await reading;
  };
  return { messages, leave };
}

describe('GET /api/stream', () => {
  it('first asks the page to read what was before, then tells every event as it is delivered, once', async () => {
    const { messages, leave } = await openStream(served.url);
    const before = keysOf((await listEvents(served.feed, wishes)).events);
    await live(1);
    const after = keysOf((await listEvents(served.feed, wishes)).events);
    const fresh = after.filter((key) => !before.includes(key));
    await vi.waitFor(() => expect(messages.flat().length).toBeGreaterThanOrEqual(fresh.length), 60_000);
    await leave();

    expect(messages[0]).toStrictEqual([]);
    expect(fresh.length).toBeGreaterThan(5);
    expect(keysOf(messages.flat()).toSorted()).toStrictEqual(fresh.toSorted());
  });

  it('lets a page go that does not read, before much has gathered for it', async () => {
    const { origin, token } = readAddress(served.url);
    await live(1);
    const [event] = (await listEvents(served.feed, wishes)).events;
    const running = await startConsole({
      feed: served.feed,
      name: 'a test',
      by: 'a test',
      simulators: [],
      port: 0,
      onFault: () => undefined,
    });
    const other = readAddress(running.url);
    const socket = connect(Number(new URL(other.origin).port), '127.0.0.1').pause();
    socket.on('error', () => undefined);
    socket.write(
      `GET /api/stream HTTP/1.1\r\nHost: ${new URL(other.origin).host}\r\nAuthorization: Bearer ${other.token}\r\n\r\n`,
    );
    await vi.waitFor(() => expect(running.live.hasListeners()).toBe(true), 60_000);
    const big = { ...event, what: 'x'.repeat(65_536) } as ToldEvent;
    let offered = 0;
    while (running.live.hasListeners() && offered < 2_000) {
      running.live.offer(big);
      offered += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.destroy();
    await running.close();

    expect(origin).not.toBe(other.origin);
    expect(token).not.toBe(other.token);
    // The kernel takes some megabytes of its own accord.
    expect(offered).toBeLessThan(1_000);
  });

  it('ends with the console', async () => {
    const running = await startConsole({
      feed: served.feed,
      name: 'a test',
      by: 'a test',
      simulators: [],
      port: 0,
      onFault: () => undefined,
    });
    const address = new URL(running.url);
    const socket = connect(Number(address.port), '127.0.0.1').resume();
    socket.write(
      `GET /api/stream HTTP/1.1\r\nHost: ${address.host}\r\nAuthorization: Bearer ${readAddress(running.url).token}\r\n\r\n`,
    );
    await vi.waitFor(() => expect(running.live.hasListeners()).toBe(true), 60_000);
    await running.close();
    await once(socket, 'close');

    await vi.waitFor(() => expect(running.live.hasListeners()).toBe(false), 60_000);
  });

  it('shows nothing of an event that it cannot read, and says so', async () => {
    const faults: string[] = [];
    const onFault = (where: string) => faults.push(where);
    const running = await startConsole({ feed: served.feed, name: '', by: '', simulators: [], port: 0, onFault });

    expect(() => running.offer({ 'detail-type': 'user.created', detail: {} } as never)).not.toThrow();
    expect(faults).toStrictEqual(['showing an event in the console']);
    await running.close();
  });
});

describe(createLogFollower, () => {
  it('offers each event once, in order, from the first look on', async () => {
    const heard = createLiveEvents();
    const told: ToldEvent[] = [];
    heard.listen((events) => told.push(...events));
    const follower = createLogFollower(served.feed, heard);
    const before = keysOf((await listEvents(served.feed, wishes)).events);
    await follower.look();
    await live(2);
    await follower.look();
    await live(1);
    await follower.look();
    await follower.look();
    const fresh = keysOf((await listEvents(served.feed, wishes)).events).filter((key) => !before.includes(key));

    expect(keysOf(told).toSorted()).toStrictEqual(fresh.toSorted());
    const leen = told.filter(({ connectionId }) => connectionId === 'simulated-leen').map(({ sequence }) => sequence);
    expect(leen).toStrictEqual(leen.toSorted((a, b) => a - b));
  });

  it.runIf(isLong).each([0, 1, 2])(
    'offers each event once where the table fails after %i batches of a connection',
    async (good) => {
      const { store } = served.feed;
      let left = Number.POSITIVE_INFINITY;
      async function* readLog(...of: Parameters<typeof store.readLog>) {
        for await (const batch of store.readLog(...of)) {
          left -= 1;
          if (left < 0) throw new Error('the table does not answer');
          yield batch;
        }
      }
      const heard = createLiveEvents();
      const told: ToldEvent[] = [];
      heard.listen((events) => told.push(...events));
      const follower = createLogFollower({ ...served.feed, store: { ...store, readLog } }, heard);
      const before = keysOf((await listEvents(served.feed, wishes)).events);
      await follower.look();
      await live(3);
      left = good;
      await expect(follower.look()).rejects.toThrow('the table does not answer');
      left = Number.POSITIVE_INFINITY;
      await follower.look();
      const fresh = keysOf((await listEvents(served.feed, wishes)).events).filter((key) => !before.includes(key));

      expect(keysOf(told).toSorted()).toStrictEqual(fresh.toSorted());
    },
  );

  it('reads nothing while no page is open', async () => {
    const follower = createLogFollower(
      { ...served.feed, connections: () => Promise.reject(new Error('read')) },
      createLiveEvents(),
    );

    await expect(follower.look()).resolves.toBeUndefined();
  });
});

describe(listEvents, () => {
  it.runIf(isLong).each([11, 13, 17])(
    'tells every event once where each answer may read %i batches only',
    async (maxBatches) => {
      // Some connections have many batches between two of another.
      for (const id of ['yuuvis', 'delay', 'yuuvis', 'yuuvis', 'leen', 'delay', 'yuuvis']) {
        served.wait(5);
        await served.world.advance();
        await served.sweep(`simulated-${id}`);
      }
      const whole = keysOf((await listEvents(served.feed, wishes)).events);
      const parts: string[] = [];
      let before: string | undefined = '';
      for (let answers = 0; before !== undefined && answers < 100; answers += 1) {
        const found: Awaited<ReturnType<typeof listEvents>> = await listEvents(
          served.feed,
          { ...wishes, before },
          maxBatches,
        );
        parts.push(...keysOf(found.events));
        before = found.next;
      }

      expect(parts.slice(0, whole.length)).toStrictEqual(whole);
      expect(new Set(parts).size).toBe(parts.length);
    },
  );

  it('says how many connections it has left out', async () => {
    const [id] = await served.feed.connections();
    const many = Array.from({ length: 53 }, () => id as never);
    const { leftOut } = await listEvents({ ...served.feed, connections: async () => many }, wishes);

    expect(leftOut).toBe(3);
  });
});
