import type { ServerResponse } from 'node:http';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connection } from '../../src/model/connection.ts';
import { connectionId } from '../../src/model/ids.ts';
import { epochMs } from '../../src/model/instant.ts';
import { startDeployedFeed } from '../support/deployed-feed.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { aConnection } from '../unit/store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const [well, ill] = [connectionId('well'), connectionId('ill')];
type Person = { readonly id: number; readonly login: string; readonly email: string; readonly status: string };
const person = (id: number, name: string): Person => ({
  id,
  login: `u${id}`,
  email: `${name}@people.example`,
  status: 'active',
});
const page = (people: readonly Person[], total = people.length) => ({
  _type: 'Collection',
  total,
  count: people.length,
  pageSize: 200,
  offset: 1,
  _embedded: { elements: people.map((one) => ({ _type: 'User', ...one })) },
});
const answer = (response: ServerResponse, body: unknown, status = 200) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Two connections of one vendor at one address, told apart by their secrets; both with users 1 to 3. */
async function openTwo() {
  const printed = capturePrinted();
  const people = {
    [well]: [1, 2, 3].map((id) => person(id, `Well-${id}`)),
    [ill]: [1, 2, 3].map((id) => person(id, `Ill-${id}`)),
  };
  const asked: Record<string, number> = { [well]: 0, [ill]: 0 };
  const trouble: { play?: (response: ServerResponse) => void } = {};
  const feed = await startDeployedFeed({
    answerVendor(response, authorization) {
      const whose = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().endsWith('ill') ? ill : well;
      asked[whose] = (asked[whose] ?? 0) + 1;
      if (whose === ill && trouble.play !== undefined) return trouble.play(response);
      answer(response, page(people[whose] ?? []));
    },
    answerAws: ({ input }) => ({
      body: { Parameter: { Value: String(input.Name).endsWith('ill') ? 'secret-ill' : 'secret-well' } },
    }),
    environment: { TENANT_BUSES: '{}' },
  });
  onTestFinished(feed.close);
  const save = (id: typeof well, tenantId: string, changes: Partial<Connection> = {}) =>
    feed.store.saveConnection(
      aConnection(id, {
        tenantId,
        baseUrl: feed.vendorUrl,
        credentials: { apiKey: { ssm: `/ucf/${id}` } },
        ...changes,
      }),
      () => `key of ${id}`,
      feed.clock.nowMs,
    );
  await save(well, 'tenant-well', { baseline: 'emit' });
  await save(ill, 'tenant-ill', { baseline: 'emit' });
  const messages: string[] = [];
  const failed: string[] = [];
  return {
    feed,
    people,
    asked,
    trouble,
    printed,
    messages,
    failed,
    save,
    /** When both are due: dispatch, every message, the streams. */
    async round(minutes = 16) {
      feed.clock.nowMs += minutes * 60_000;
      await feed.dispatch();
      for (const body of feed.messages.splice(0)) {
        messages.push(body);
        const { batchItemFailures } = await feed.sweep(body);
        if (batchItemFailures.length > 0) failed.push(body);
      }
      await feed.stream.deliver(well);
      await feed.stream.deliver(ill);
    },
    told: (id: string) =>
      feed.taken
        .map((event) => ({
          type: event['detail-type'],
          ...(event.detail as { metadata: Record<string, unknown>; data: unknown }),
        }))
        .filter(({ metadata }) => metadata.connectionId === id),
    async minutesUntilDue(id: typeof well) {
      const { dueAt } = (await feed.store.readState(id)) ?? {};
      return dueAt === undefined ? 0 : Math.round((epochMs(dueAt) - feed.clock.nowMs) / 60_000);
    },
  };
}

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('two connections of one vendor with the same user ids', () => {
  it('never mix: not in entries, index, log, holds, events, logs, metrics or messages', async () => {
    const { feed, people, round, told, printed, messages, failed } = await openTwo();
    await round();
    people[well] =
      people[well]?.map((one) => (one.id === 2 ? { ...one, email: 'Well-anew@people.example' } : one)) ?? [];
    people[ill] = [];
    await round();

    expect(failed).toStrictEqual([]);
    const types = (id: string) =>
      told(id).map(({ type, metadata }) => [type, metadata.userId].filter(Boolean).join(' '));
    expect(types(well).filter((one) => one.startsWith('user.'))).toStrictEqual([
      'user.created 1',
      'user.created 2',
      'user.created 3',
      'user.updated 2',
    ]);
    expect(types(ill).filter((one) => one.startsWith('user.'))).toStrictEqual([
      'user.created 1',
      'user.created 2',
      'user.created 3',
    ]);
    expect(JSON.stringify(told(well))).not.toMatch(/Ill-|tenant-ill/);
    expect(JSON.stringify(told(ill))).not.toMatch(/Well-|tenant-well/);
    const [stateWell, stateIll] = [await feed.store.readState(well), await feed.store.readState(ill)];
    expect([stateWell?.counts.live, stateIll?.counts.live, stateWell?.holds.length]).toStrictEqual([3, 3, 0]);
    expect(stateWell?.digestKey).not.toBe(stateIll?.digestKey);
    const { Items = [] } = await feed.clients.table.send(new ScanCommand({ TableName: feed.tableName }));
    const itemsOf = (id: string) => Items.filter(({ pk }) => new RegExp(`^connection#${id}(#|$)`).test(pk?.S ?? ''));
    const parts = (id: string) => new Set(itemsOf(id).map(({ pk }) => pk?.S?.split('#')[2]));
    for (const id of [well, ill]) expect([...parts(id)]).toEqual(expect.arrayContaining(['entries', 'index', 'log']));
    expect(JSON.stringify(itemsOf(well))).not.toMatch(/Ill-|tenant-ill/);
    expect(JSON.stringify(itemsOf(ill))).not.toMatch(/Well-|tenant-well/);
    expect(messages.length).toBe(4);

    for (const one of lines(printed.text()).filter((line) => typeof line.connectionId === 'string'))
      expect(one, JSON.stringify(one)).toHaveProperty('tenantId', `tenant-${String(one.connectionId)}`);
    for (const event of feed.taken) {
      const { metadata } = event.detail as { metadata: Record<string, unknown> };
      expect(metadata.tenantId).toBe(`tenant-${String(metadata.connectionId)}`);
    }
    const groups = feed.calls
      .filter(({ operation }) => operation === 'SendMessageBatch')
      .flatMap(({ input }) => input.Entries as readonly { MessageBody: string; MessageGroupId: string }[]);
    expect(groups).toHaveLength(4);
    for (const { MessageBody, MessageGroupId } of groups)
      expect(MessageGroupId).toBe(`tenant-${(JSON.parse(MessageBody) as { connectionId: string }).connectionId}`);
  });
});

describe('a connection in trouble', () => {
  const troubles: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ['breaks', (response) => void response.destroy()],
    [
      'answers nonsense',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"total":'),
    ],
    [
      'floods with a huge page',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const chunk = Buffer.alloc(1024 * 1024, 0x20);
        const pour = () => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', pour);
        };
        pour();
      },
    ],
    [
      'floods with endless pages',
      (response) =>
        answer(
          response,
          page(
            [1, 2, 3].map((id) => person(id, `Ill-${id}`)),
            1_000_000_000,
          ),
        ),
    ],
    [
      'floods with containers',
      (response) => answer(response, page(Array.from({ length: 600_000 }, () => ({}) as Person))),
    ],
    ['refuses its credentials', (response) => answer(response, {}, 401)],
  ];

  it.each(troubles)('that %s leaves the other its schedule, its events and its users', async (_, play) => {
    const { trouble, people, round, told, minutesUntilDue, asked, failed } = await openTwo();
    await round();
    const before = told(well).length;
    trouble.play = play;
    people[well] = [...(people[well] ?? []), person(4, 'Well-4')];
    await round();

    expect(failed).toStrictEqual([]);
    expect(
      told(well)
        .slice(before)
        .map(({ type, metadata }) => `${type} ${String(metadata.userId)}`),
    ).toStrictEqual(['user.created 4']);
    expect(told(ill).filter(({ type }) => type === 'user.deleted')).toStrictEqual([]);
    expect(await minutesUntilDue(well)).toBeLessThanOrEqual(15);
    expect(await minutesUntilDue(ill)).toBeGreaterThan(0);
    expect(asked[well]).toBe(2);
    expect(asked[ill]).toBeLessThan(60);
  });

  it('that hangs keeps nobody waiting but itself', async () => {
    const { feed, trouble, people, told, round } = await openTwo();
    await round();
    const held: ServerResponse[] = [];
    trouble.play = (response) => void held.push(response);
    people[well] = [...(people[well] ?? []), person(4, 'Well-4')];
    feed.clock.nowMs += 16 * 60_000;
    await feed.dispatch();
    const bodyOf = (id: string) => feed.messages.find((body) => body.includes(id)) ?? '';

    const hanging = feed.sweep(bodyOf(ill));
    await vi.waitUntil(() => held.length > 0, 60_000);
    await feed.sweep(bodyOf(well));
    await feed.stream.deliver(well);

    expect(told(well).at(-1)).toMatchObject({ type: 'user.created', metadata: { userId: '4' } });
    trouble.play = (response) => void response.destroy();
    for (const response of held) response.destroy();
    expect(await hanging).toStrictEqual({ batchItemFailures: [] });
  });
});
