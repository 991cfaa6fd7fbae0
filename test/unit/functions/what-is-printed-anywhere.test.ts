import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectionId, userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { RequestedAct } from '../../../src/model/operator-request.ts';
import { logItem } from '../../../src/store/log-store.ts';
import { type AwsAnswer, type AwsCall, startAwsServer } from '../../support/aws-server.ts';
import { startDeployedFeed } from '../../support/deployed-feed.ts';
import { readMappingRules } from '../../support/mapping-rules.ts';
import { capturePrinted } from '../../support/printed-lines.ts';
import { createStreamMapping } from '../../support/stream-mapping.ts';
import { aBatch, aConnection, all } from '../store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const id = connectionId('acme');
/** In every field of every user, in their ids, in the secret, and in whatever the vendor or AWS says of them. */
const marker = 'zq4711marker';
type User = ReturnType<typeof markedUser>;

function markedUser(number: number, changes: { readonly status?: string; readonly name?: string } = {}) {
  return {
    id: `${marker}-${number}`,
    name: `${marker} ${number}`,
    email: `${marker}${number}@example.com`,
    status: 'ACTIVE',
    vendor_attributes: {
      id: `${marker}-${number}`,
      vendor: marker,
      created_at: marker,
      updated_at: marker,
      data: { accountType: marker },
    },
    groups: [{ id: `${marker}-group`, name: `${marker} group` }],
    ...changes,
  };
}

type Answer = { readonly status: number; readonly body: unknown };
const found = (body: unknown): Answer => ({ status: 200, body });
const refusal = (status: number): Answer => ({
  status,
  body: {
    code: marker,
    message: `${marker} may not`,
    detail: [{ loc: ['body', marker], msg: `${marker} is locked`, input: marker }],
  },
});

/** A deployed connection to Leen, whose users have ids that are texts, with deltas and probes. */
async function openStack(count: number) {
  const printed = capturePrinted();
  const vendor = {
    users: Array.from({ length: count }, (_, n) => markedUser(n)),
    list: undefined as Answer | undefined,
    delta: undefined as Answer | undefined,
    user: undefined as Answer | undefined,
  };
  const bus = { answer: undefined as ((call: AwsCall) => AwsAnswer) | undefined };
  const refusing = await startAwsServer((call) =>
    call.operation === 'PutEvents' && bus.answer !== undefined ? bus.answer(call) : { body: { Name: 'users' } },
  );
  onTestFinished(refusing.close);
  const feed = await startDeployedFeed({
    answerVendor: (response) =>
      send(response, answerTo(new URL(response.req.url ?? '', 'http://leen.example'), vendor)),
    answerAws: () => ({ body: { Parameter: { Value: `${marker}-secret` } } }),
    busAddress: (buses) => (bus.answer === undefined ? buses : refusing.endpoint),
  });
  onTestFinished(feed.close);
  const settings = aConnection(id, {
    vendor: 'leen',
    baseUrl: feed.vendorUrl,
    credentials: { apiKey: { ssm: '/ucf/acme' } },
    options: { connectionId: 'c1', includeUserGroups: true },
    deltaEverySeconds: 300,
  });
  await feed.store.saveConnection(settings, () => 'key', feed.clock.nowMs);
  const mapping = createStreamMapping({
    rules: { ...readMappingRules().stream, maxRetries: 2 },
    handler: feed.publish,
    nowMs: () => feed.clock.nowMs,
  });
  let position = 0;
  const stack = {
    feed,
    vendor,
    bus,
    mapping,
    printed,
    /** Minutes pass; then dispatch, whatever is in the queue, and the stream until it gives up. */
    async tick(minutes: number) {
      feed.clock.nowMs += minutes * 60_000;
      await feed.dispatch();
      for (const body of feed.messages.splice(0)) await feed.sweep(body);
      for (const batch of await all(feed.store.readLog(id, position))) {
        mapping.put('shard', { eventName: 'INSERT', item: logItem(batch) });
        position = batch.position;
      }
      await mapping.drain();
    },
    ask: (act: RequestedAct) =>
      feed.store.writeRequest({
        connectionId: id,
        requestId: `${feed.clock.nowMs}`,
        at: instant(feed.clock.nowMs),
        by: marker,
        ...act,
      }),
    told: () => feed.taken.splice(0).map((event) => event['detail-type']),
    sweeps: () =>
      printed
        .logs()
        .filter(({ message }) => message === 'sweep over')
        .map(({ mode, outcome, failureCode }) =>
          [mode, outcome, failureCode].filter((one) => one !== undefined).join(' '),
        ),
  };
  await stack.tick(1);
  expect(stack.told()).toStrictEqual(['connection.baseline_completed']);
  return stack;
}

type Stack = Awaited<ReturnType<typeof openStack>>;

function answerTo(url: URL, { users, list, delta, user }: Stack['vendor']): Answer {
  const asked = url.pathname.split('/itsm/users/')[1];
  if (asked === undefined) return (url.searchParams.has('updatedSince') ? delta : list) ?? found({ items: users });
  const one = users.find((each) => each.id === decodeURIComponent(asked));
  return user ?? (one === undefined ? refusal(404) : found(one));
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const change = ({ vendor }: Stack) => {
  vendor.users = vendor.users.map((user, at): User => (at === 0 ? { ...user, name: `${marker} new` } : user));
};
const leave = ({ vendor }: Stack) => {
  vendor.users = vendor.users.slice(1);
};

type Path = [what: string, play: (stack: Stack) => Promise<unknown>, shown: unknown, users?: number];

/** What happens, what shows that it has, and of how many users; three where that is left out. */
const paths: readonly Path[] = [
  [
    'changes and a deletion that a probe has proved',
    async (stack) => {
      change(stack);
      await stack.tick(16);
      leave(stack);
      await stack.tick(16);
      return stack.told();
    },
    ['user.updated', 'user.deleted'],
  ],
  [
    'a probe that is refused in words of his',
    async (stack) => {
      stack.vendor.user = refusal(403);
      leave(stack);
      await stack.tick(16);
      return stack.sweeps();
    },
    ['full baseline', 'full complete'],
  ],
  [
    'a delta, and one that is refused in words of his',
    async (stack) => {
      stack.vendor.delta = found({ items: [markedUser(0, { name: `${marker} new` })] });
      await stack.tick(6);
      stack.vendor.delta = refusal(422);
      await stack.tick(6);
      return [stack.sweeps(), stack.told()];
    },
    [['full baseline', 'delta complete', 'delta failed vendor.rejected_request'], ['user.updated']],
  ],
  [
    'a hold that is approved with a reason',
    async (stack) => {
      stack.vendor.users = stack.vendor.users.map((user): User => ({ ...user, status: 'INACTIVE' }));
      await stack.tick(16);
      const [hold] = (await stack.feed.store.readState(id))?.holds ?? [];
      await stack.ask({ act: 'decide_hold', holdId: hold?.holdId ?? ('' as never), verdict: 'approved', why: marker });
      await stack.tick(16);
      return [stack.sweeps(), new Set(stack.told())];
    },
    [
      ['full baseline', 'full held', 'full complete'],
      new Set(['connection.changes_held', 'user.status_changed', 'connection.changes_released']),
    ],
    26,
  ],
  [
    'an empty list',
    async (stack) => {
      stack.vendor.users = [];
      await stack.tick(16);
      return stack.sweeps();
    },
    ['full baseline', 'full held'],
  ],
  [
    'somebody who is erased',
    async (stack) => {
      await stack.ask({ act: 'purge_user', userId: userId(`${marker}-0`) });
      leave(stack);
      await stack.tick(16);
      return stack.feed.store.readRequests(id);
    },
    [],
  ],
  [
    'a connection that is removed',
    async (stack) => {
      await stack.ask({ act: 'remove_connection' });
      await stack.tick(16);
      return stack.told();
    },
    ['connection.removed'],
  ],
  [
    'a bus that refuses entries in words of theirs',
    async (stack) => {
      stack.bus.answer = ({ input }) => {
        const entries = input.Entries as readonly { readonly Detail: string }[];
        const results = entries.map(({ Detail }) => ({ ErrorCode: 'InternalFailure', ErrorMessage: Detail }));
        return { body: { FailedEntryCount: entries.length, Entries: results } };
      };
      change(stack);
      await stack.tick(16);
      return stack.mapping.givenUp.map(({ payload = '' }) => payload.includes(marker));
    },
    [true],
  ],
  [
    'a bus that refuses a call in words of theirs',
    async (stack) => {
      stack.bus.answer = ({ input }) => ({ error: 'ValidationException', message: JSON.stringify(input) });
      change(stack);
      await stack.tick(16);
      return stack.mapping.givenUp.length;
    },
    1,
  ],
  [
    'a record that nobody can read',
    async (stack) => {
      const item = { ...logItem(aBatch(id, 9)), holdsEvents: 'yes', batch: `{"user":"${marker}"` };
      stack.mapping.put('shard', { eventName: 'INSERT', item });
      await stack.mapping.drain();
      return stack.mapping.givenUp.length;
    },
    1,
  ],
  [
    'a table that refuses an item in words of its own',
    async (stack) => {
      stack.feed.clients.table.middlewareStack.add(
        (next) => (args) => {
          const said = JSON.stringify(args.input);
          if (!said.includes(marker)) return next(args);
          throw Object.assign(new Error(`cannot store ${said}`), { name: 'ValidationException' });
        },
        { step: 'deserialize', name: 'refuseUsers', priority: 'high' },
      );
      change(stack);
      await stack.tick(16);
      return stack.printed.logs().filter(({ message }) => message === 'tick failed').length;
    },
    1,
  ],
];

describe('nothing of a user, and no secret, is printed for', () => {
  it.each<Path>(paths)('%s', async (_, play, shown, users = 3) => {
    const stack = await openStack(users);

    expect(await play(stack)).toStrictEqual(shown);
    expect(stack.printed.text()).not.toContain(marker);
  });
});
