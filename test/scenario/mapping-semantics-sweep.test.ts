import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../src/model/connection.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import { logItem } from '../../src/store/log-store.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import { acme, beta, gamma, openMappedFeed } from '../support/mapped-feed.ts';
import { readMappingRules } from '../support/mapping-rules.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { createQueueMapping } from '../support/queue-mapping.ts';
import { aBatch, aConnection, all } from '../unit/store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const minuteMs = 60_000;
/** Nothing of a user may be printed. */
const marker = 'zq4711marker';

/** The three functions behind the stack's mappings, and connections whose users have these e-mail addresses. */
async function openStack(emails: { readonly [connection: string]: string[] }, fields: Partial<Connection> = {}) {
  const printed = capturePrinted();
  const feed = await openMappedFeed({
    rules: { maxRetries: 3 },
    answerVendor: (response, authorization) => answerUsers(response, emails[keyOf(authorization)] ?? []),
    // The secret of a connection is its name.
    answerAws: ({ input }) => ({ body: { Parameter: { Value: String(input.Name).slice('/ucf/'.length) } } }),
  });
  const ids = Object.keys(emails).map(connectionId);
  for (const id of ids) {
    const settings = { baseUrl: feed.vendorUrl, credentials: { apiKey: { ssm: `/ucf/${id}` } }, ...fields };
    await feed.store.saveConnection(aConnection(id, settings), () => 'key', feed.clock.nowMs);
  }
  const receives: (readonly [string, string])[] = [];
  const { queue: rules } = readMappingRules();
  const queue = createQueueMapping({
    rules: { ...rules, concurrency: 2 },
    async handler(event) {
      for (const { body, messageId, attributes } of event.Records)
        if (body.includes('acme')) receives.push([messageId, attributes.ApproximateReceiveCount]);
      return feed.invokeSweep(event);
    },
    nowMs: () => feed.clock.nowMs,
  });
  const positions = new Map<ConnectionId, number>();
  const takeFromTable = async (id: ConnectionId) => {
    for await (const batch of feed.store.readLog(id, positions.get(id) ?? 0)) {
      feed.mapping.put('shard', { eventName: 'INSERT', item: logItem(batch) });
      positions.set(id, batch.position);
    }
  };
  return {
    ...feed,
    queue,
    printed,
    receives,
    /** Time passes, then the dispatcher runs, and every message that is visible is received. */
    async tick(minutes = 16) {
      feed.clock.nowMs += minutes * minuteMs;
      await feed.dispatch();
      for (const body of feed.messages.splice(0)) queue.send(body);
      while ((await queue.step()) > 0);
    },
    /** What is new in the logs comes along the stream, until the mapping has nothing left to do. */
    async stream(...from: readonly ConnectionId[]) {
      for (const id of from) await takeFromTable(id);
      await feed.mapping.drain();
    },
    outcomesOf: async (id: ConnectionId) =>
      (await all<SweepReport>(feed.store.listReports(id))).map(({ outcome }) => outcome),
    told: () => feed.taken.map((event) => event['detail-type']),
  };
}

function keyOf(authorization: string): string {
  return Buffer.from(authorization.slice('Basic '.length), 'base64').toString().replace('apikey:', '');
}

function answerUsers(response: ServerResponse, emails: readonly string[]): void {
  const users = emails.map((email, at) => ({ _type: 'User', id: at + 1, login: `u${at}`, email, status: 'active' }));
  const page = { _type: 'Collection', total: users.length, count: users.length, pageSize: 200, offset: 1 };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ...page, _embedded: { elements: users } }));
}

describe('events that have left the stream unpublished', () => {
  it('are published by the next tick, in order and once, though nothing has changed since', async () => {
    const emails = { acme: ['a@acme.example', 'b@acme.example'] };
    const { tick, stream, busFaults, mapping, heard, told, taken, outcomesOf, store, printed } =
      await openStack(emails);
    await tick();
    await stream(acme);
    const fault = busFaults.plant({ kind: 'call_failed' });
    emails.acme[0] = 'new@acme.example';
    await tick();
    await stream(acme);
    emails.acme.push('c@acme.example');
    await tick();
    await stream(acme);
    const [during, givenUp] = [heard(acme), mapping.givenUp.length];

    fault.switchOff();
    await tick();
    const after = taken.length;
    mapping.put(
      'late',
      ...(await all(store.readLog(acme, 0))).map((batch) => ({ eventName: 'INSERT', item: logItem(batch) }) as const),
    );
    await mapping.drain();

    expect([during, givenUp]).toStrictEqual([[1], 2]);
    expect(heard(acme)).toStrictEqual([1, 2, 3]);
    expect(told()).toStrictEqual(['connection.baseline_completed', 'user.updated', 'user.created']);
    expect(taken.length).toBe(after);
    expect(await outcomesOf(acme)).toStrictEqual(['complete', 'complete', 'complete', 'baseline']);
    expect(printed.text()).not.toContain('acme.example');
  });
});

describe('a connection whose ticks always die', () => {
  it('ends among the dead letters, named in the log, and is asked for again; no other is kept waiting', async () => {
    const address = `${marker}@acme.example`;
    const stack = await openStack({ acme: [address], beta: [address], gamma: [address] }, { everySeconds: 2_700 });
    const { tick, store, queue, receives, printed, outcomesOf, told } = stack;
    await tick();
    const state = await store.readState(acme);
    if (state === undefined) throw new Error('acme has no state');
    const position = state.position + 1;
    const sound = aBatch(acme, position, {
      lastSequence: state.sequence,
      previousEventPosition: state.lastEvent.position,
    });
    await store.appendBatch({ ...sound, lastSequence: marker as never });

    for (let rounds = 0; rounds < 7; rounds += 1) await tick(46);
    const dead = queue.deadLetters.map((body) => JSON.parse(body) as { connectionId: string; budget: string });
    const others = [await outcomesOf(beta), await outcomesOf(gamma)];
    const asked = new Set(receives.map(([messageId]) => messageId)).size;
    const toldThen = told();
    await store.rewriteBatch(sound);
    // Longer than any back-off.
    for (const minutes of [361, 361, 1]) await tick(minutes);

    expect(new Set(dead.map(({ connectionId: id }) => id))).toStrictEqual(new Set(['acme']));
    const [first = ''] = receives.at(1) ?? [];
    expect(receives.filter(([messageId]) => messageId === first)).toStrictEqual(['1', '2', '3'].map((n) => [first, n]));
    expect(asked).toBeGreaterThan(dead.length);
    for (const outcomes of others) expect(outcomes).toStrictEqual([...Array(7).fill('complete'), 'baseline']);
    expect(toldThen).toContain('connection.failing');
    expect(told()).toContain('connection.recovered');
    expect((await outcomesOf(acme))[0]).toBe('complete');
    const lines = printed.logs().filter(({ message }) => message === 'tick failed');
    expect(new Set(lines.map(({ connectionId: id, vendor }) => `${id} ${vendor}`))).toStrictEqual(
      new Set(['acme openproject']),
    );
    expect(new Set(lines.map((line) => line.receives))).toStrictEqual(new Set([1, 2, 3]));
    expect(printed.text()).not.toContain(marker);
    expect(printed.text()).not.toContain(dead[0]?.budget);
  });
});
