import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReviewedUser } from '../../examples/access-review-csv/reviewed-user.ts';
import { toCsv } from '../../examples/access-review-csv/to-csv.ts';
import { revokeByWebhook } from '../../examples/deprovision-leavers/revoke-by-webhook.ts';
import { composeMessage } from '../../examples/notify-webhook/compose-message.ts';
import { notify } from '../../examples/notify-webhook/notify.ts';
import { postToWebhook } from '../../examples/notify-webhook/post-message.ts';
import type { UserEvent } from '../../src/events/public.ts';
import { aUserEvent, bodyOf, type SampleEvent } from '../support/event-envelope.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { tellStory } from '../support/told-story.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const never = new AbortController().signal;
const event = (sample: SampleEvent) => aUserEvent(sample) as unknown as UserEvent;

let folder: string;
let eventFile: string;

/** Events of a real feed in a file, as the embedded runtime writes it, one of them twice. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  eventFile = join(folder, 'events.jsonl');
  const { vendor, sweep, received } = await tellStory('memory', ['a', 'b', 'c']);
  await sweep({ baseline: 'emit' });
  vendor.users.set('a', aUser('a', { displayName: '=HYPERLINK("x")' }));
  vendor.users.set('b', aUser('b', { status: 'suspended', rawStatus: 'locked' }));
  vendor.users.delete('c');
  for (let times = 0; times < 3; times += 1) await sweep();
  const lines = received.map(bodyOf);
  await writeFile(eventFile, [...lines, lines[0], ''].join('\n'));
});

afterAll(() => rm(folder, { recursive: true }));

/** What an example prints when it is run over the file. */
async function print(example: string): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [join(root, 'examples', example, 'local.ts'), eventFile]);
  expect(stderr).toBe('');
  return stdout;
}

/** A webhook that keeps what it is sent. */
async function startWebhook(status: number) {
  const requests: { readonly body: unknown; readonly key: unknown }[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      requests.push({ body: JSON.parse(chunks.join('')), key: request.headers['idempotency-key'] });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, requests, close };
}

describe('the examples over the events of a feed', () => {
  it('print-events prints a line for each, by type, in under 20 lines of code', async () => {
    const parts = ['print-event.ts', 'local.ts'].map((name) => join(root, 'examples/print-events', name));
    const child = execFile(process.execPath, parts.slice(1));
    child.stdin?.end(await readFile(eventFile));
    const printed = (await child.stdout?.toArray())?.join('').trimEnd().split('\n') ?? [];

    expect(printed.map((line) => line.replace(/^\S+ /, ''))).toStrictEqual([
      'a user.created',
      'b user.created',
      'c user.created',
      'a user.updated displayName',
      'b is suspended',
      'c left',
      'a user.created',
    ]);
    const texts = await Promise.all(parts.map((path) => readFile(path, 'utf8')));
    expect(texts.join('').split('\n').length).toBeLessThan(20);
  });

  it('deprovision-leavers revokes whoever left or is locked, once', async () => {
    const lines = (await print('deprovision-leavers')).trimEnd().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { userId: 'b', reason: 'suspended' },
      { userId: 'c', reason: 'deleted' },
    ]);
  });

  it('notify-webhook tells who came, left or is locked', async () => {
    const lines = (await print('notify-webhook')).trimEnd().split('\n');

    expect(lines.map((line) => line.replace(/ in story.*| story.*/, ''))).toStrictEqual([
      'User a is new',
      'User b is new',
      'User c is new',
      'User b is suspended',
      'User c has left',
    ]);
  });

  it('access-review-csv lists who is there', async () => {
    const [, ...lines] = (await print('access-review-csv')).trimEnd().split('\r\n');

    expect(lines.map((line) => line.replace(/^[^,]+,/, '').replace(/,[^,]+$/, ''))).toStrictEqual([
      `a,"'=HYPERLINK(""x"")",active,user.updated`,
      'b,User b,suspended,user.status_changed',
    ]);
  });

  // A database of its own takes seconds to begin; example-contract.test.ts has the same statements in every run.
  it.runIf(process.env.EVERY_CALL === '1')('sync-to-postgres counts whom it has kept', async () => {
    expect((await print('sync-to-postgres')).replaceAll(/[│\s]+/g, ' ')).toMatch(/'active' 1 .*'suspended' 1/);
  });
});

describe(composeMessage, () => {
  const messageOf = (displayName: string) => composeMessage(event({ type: 'user.deleted', user: { displayName } }));

  it.each([
    ['<!channel>', '&lt;!channel&gt; has left acme'],
    ['<https://evil.example|Ada> & co', '&lt;https://evil.example|Ada&gt; &amp; co has left acme'],
    ['Ada\nUser root has joined', 'Ada User root has joined has left acme'],
    ['Ada\u202e\u0007Eve', 'Ada Eve has left acme'],
    ['😀'.repeat(100), `${'😀'.repeat(80)}… has left acme`],
  ])('lets the name %j be nothing but a name', (name, message) => {
    expect(messageOf(name)).toBe(message);
  });

  it('holds nothing of a person but the display name', () => {
    const user = { displayName: 'Ada', userName: 'ada77', title: 'Countess', emails: [{ value: 'ada@example.com' }] };

    for (const type of ['user.created', 'user.status_changed', 'user.deleted'] as const)
      expect(composeMessage(event({ type, user }))).not.toMatch(/ada77|Countess|example\.com/);
  });

  it('says nothing of other changes', () => {
    expect(composeMessage(event({ type: 'user.updated' }))).toBeUndefined();
  });
});

describe(notify, () => {
  it('repeats nothing for replays and resyncs', async () => {
    const told: string[] = [];
    const apply = notify(async (text) => void told.push(text));

    for (const origin of ['live', 'replay', 'resync'] as const)
      await apply(event({ type: 'user.deleted', origin, user: { displayName: origin } }), { signal: never });

    expect(told).toStrictEqual(['live has left acme']);
  });
});

describe(postToWebhook, () => {
  it('sends without markup, no faster than it may', async () => {
    const { url, requests, close } = await startWebhook(200);
    const clock = { nowMs: 0 };
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      clock.nowMs += ms;
    };
    const post = postToWebhook({ url, spacingMs: 1000, nowMs: () => clock.nowMs, sleep });

    await post('one', never);
    await post('two', never);
    clock.nowMs += 400;
    await post('three', never);
    clock.nowMs += 5000;
    await post('four', never);
    close();

    expect(slept).toStrictEqual([1000, 600]);
    expect(requests.map(({ body }) => body)).toStrictEqual(
      ['one', 'two', 'three', 'four'].map((text) => ({ text, mrkdwn: false })),
    );
  });

  it('fails for whatever is not a success', async () => {
    const { url, close } = await startWebhook(429);
    const post = postToWebhook({ url, spacingMs: 0, nowMs: () => 0, sleep: async () => undefined });

    await expect(post('one', never)).rejects.toThrow('429');
    close();
  });
});

describe(revokeByWebhook, () => {
  const revocation = {
    connectionId: 'acme',
    userId: 'u1',
    reason: 'deleted',
    epoch: 1,
    revision: 7,
    idempotencyKey: 'e1',
  } as const;

  it('sends id, reason and revision under the same key each time', async () => {
    const { url, requests, close } = await startWebhook(204);
    const { idempotencyKey: _, ...body } = revocation;

    await revokeByWebhook(url)(revocation, never);
    await revokeByWebhook(url)(revocation, never);
    close();

    expect(requests).toStrictEqual([
      { body, key: 'e1' },
      { body, key: 'e1' },
    ]);
  });

  it('fails for whatever is not a success', async () => {
    const { url, close } = await startWebhook(500);

    await expect(revokeByWebhook(url)(revocation, never)).rejects.toThrow('500');
    close();
  });
});

describe(toCsv, () => {
  const user = (name: string, over: Partial<ReviewedUser> = {}): ReviewedUser => ({
    connection: 'acme',
    id: '1',
    name,
    status: 'active',
    isPresent: true,
    lastChange: 'user.created',
    lastChangedAt: '2026-11-23T08:00:00.000Z',
    ...over,
  });
  const nameIn = (csv: string) => csv.slice(csv.indexOf('acme,1,') + 'acme,1,'.length, csv.indexOf(',active'));

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', '"\'\r\'=1"'],
    ['=1,"2"', '"\'=1,""2"""'],
    ['Ada, Countess', '"Ada, Countess"'],
    ['line\nbreak', '"line\nbreak"'],
    ['O=Brien', 'O=Brien'],
  ])('writes the cell %j as %j', (name, cell) => {
    expect(nameIn(toCsv([user(name)]))).toBe(cell);
  });

  it('guards every column, and leaves out who is gone', () => {
    const csv = toCsv([user('Ada', { id: '=2' }), user('Eve', { isPresent: false })]);

    expect(csv.trimEnd().split('\r\n')).toStrictEqual([
      'connection,id,name,status,lastChange,lastChangedAt',
      "acme,'=2,Ada,active,user.created,2026-11-23T08:00:00.000Z",
    ]);
  });
});
