import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { connectionId } from '../../src/model/ids.ts';
import { publishedKey } from '../../src/store/keys.ts';
import { createTableClient } from '../../src/store/table-client.ts';
import { type AwsServer, startAwsServer } from '../support/aws-server.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import type { UcfRun } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';
import { type LoopbackStack, startStackOnLoopback } from '../support/stack-on-loopback.ts';
import { essence } from './ucf-story.ts';

const users = 69;
const id = 'acme-openproject';
const parameter = '/ucf/acme';

let account: SimulatedAccount;
let stack: LoopbackStack;
let folder: string;
let queue: AwsServer;
/** What the consumer's queue took, and how many calls it will still take. */
let sent: BusEvent[];
let callsLeft: number;

const run = async (...words: readonly string[]): Promise<UcfRun> => {
  const bus = await (stack.feed.clients.bus.config.endpoint?.() ?? Promise.reject(new Error('no bus')));
  const env = { ...stack.env, AWS_ENDPOINT_URL_EVENTBRIDGE: `http://${bus.hostname}:${bus.port}` };
  return runUcfHere([...words, '--stack', stack.name], env);
};
const toQueue = () => ['--to-queue', `${queue.endpoint}/000000000000/leavers`];
const userIds = (events: readonly BusEvent[]) =>
  events.map(({ detail }) => (detail.metadata as { userId?: string }).userId);
const eventIds = (events: readonly BusEvent[]) =>
  events.map(({ detail }) => (detail.metadata as { eventId: string }).eventId);

beforeAll(async () => {
  const settings = {
    credentials: { apiKey: { ssm: parameter } },
    deletion: { probe: false },
    options: { pageSize: 100 },
  };
  account = await startAccount('openproject', settings, users);
  stack = await startStackOnLoopback({ parameters: { [parameter]: Object.values(account.env)[0] ?? '' } });
  folder = await mkdtemp(join(tmpdir(), 'ucf-stack-'));
  callsLeft = Number.POSITIVE_INFINITY;
  queue = await startAwsServer(({ input }) => {
    callsLeft -= 1;
    if (callsLeft < 0) return { error: 'com.amazonaws.sqs#QueueDoesNotExist' };
    const entries = input.Entries as readonly { readonly Id: string; readonly MessageBody: string }[];
    sent.push(...entries.map(({ MessageBody }) => JSON.parse(MessageBody) as BusEvent));
    const toTaken = ({ Id, MessageBody }: (typeof entries)[number]) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    });
    return { body: { Successful: entries.map(toTaken) } };
  });
});

/** A baseline and one arrival, once: its functions print, which only a test can catch. */
let prepared: Promise<void> | undefined;
async function prepare() {
  await run('connections', 'apply', await writeConnections(folder, [account.connection]));
  await run('sweep', id);
  account.simulator.directory.add({ familyName: 'Arrived' });
  await run('sweep', id);
}

beforeEach(async () => {
  capturePrinted();
  sent = [];
  callsLeft = Number.POSITIVE_INFINITY;
  prepared ??= prepare();
  await prepared;
});

afterAll(async () => {
  await queue.close();
  await stack.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

describe('ucf --stack', () => {
  it('tells one consumer the present, and goes on where it was broken off', async () => {
    callsLeft = 6;
    const broken = await run('resync', id, ...toQueue());
    callsLeft = Number.POSITIVE_INFINITY;
    const resumed = await run('resync', id, ...toQueue());
    const people = account.simulator.directory.people().map((person) => person.id);

    expect([broken.exitCode, resumed.exitCode]).toStrictEqual([1, 0]);
    expect(broken.stderr).toMatch(/did not take 10 messages; check its address/);
    expect(resumed.stderr).toMatch(/going on with what began at .*: 50 events were sent before/);
    expect([...new Set(userIds(sent))].sort()).toStrictEqual(people.toSorted());
    // What was sent and not put on record was sent again, as it was.
    expect(sent).toHaveLength(people.length + 10);
    expect(new Set(eventIds(sent)).size).toBe(people.length);
    expect(new Set(sent.map((event) => JSON.stringify(event))).size).toBe(people.length);
    expect(stack.feed.taken).toHaveLength(2);
  });

  it('repeats the log to one consumer, and to the bus only for who says yes', async () => {
    stack.feed.taken.splice(2);
    const asked = await run('replay', id, '--to-bus');
    const onBus = await run('replay', id, '--to-bus', '--yes');
    const one = await run('replay', id, '--type', 'user.created', ...toQueue());
    const [completed, created, ...again] = stack.feed.taken;

    expect([asked.exitCode, onBus.exitCode, one.exitCode]).toStrictEqual([2, 0, 0]);
    expect(again.map((event) => ({ ...essence(event), origin: undefined }))).toStrictEqual(
      [completed, created].map((event) => ({ ...essence(event as BusEvent), origin: undefined })),
    );
    expect(eventIds(sent)).toStrictEqual(eventIds([created as BusEvent]));
    expect(sent[0]).toMatchObject({
      source: 'user-change-feed',
      'detail-type': 'user.created',
      detail: { metadata: { origin: 'replay' } },
    });
  });

  it('publishes what the publisher could not, and tells nobody the present before', async () => {
    const { store } = stack.feed;
    await openTable().put({ ...publishedKey(connectionId(id)), position: 0 });
    stack.feed.taken.splice(0);
    const redriven = await run('redrive', '--all', '--json');
    const nothing = await run('redrive', id);

    expect(JSON.parse(redriven.stdout)).toStrictEqual({ connections: [{ connectionId: id, events: 2 }] });
    expect(stack.feed.taken.map((event) => event['detail-type'])).toStrictEqual([
      'connection.baseline_completed',
      'user.created',
    ]);
    expect(nothing.stdout).toBe(`${id}: 0 events published\n`);
    expect(await store.readPublished(connectionId(id))).toBeGreaterThan(0);
  });

  it('tells no present of a table that was restored', async () => {
    const mark = stack.feed.mark.value;
    stack.feed.mark.value = '{"epoch":1,"table":"another table"}';
    const resync = await run('resync', id, ...toQueue());
    stack.feed.mark.value = mark;

    expect([resync.exitCode, resync.stderr]).toStrictEqual([1, expect.stringContaining('ucf doctor --recover')]);
    expect(sent).toStrictEqual([]);
  });

  it('prints and lists what it knows, and follows what is committed', async () => {
    const changes = await run('changes', id, '--after', '1', '--json');
    const listed = await run('users', 'list', id, '--with-sequence');
    const following = run('changes', id, '--follow', '--limit', '3');
    account.simulator.directory.add({ familyName: 'Followed' });
    await run('sweep', id);

    expect(changes.stdout).toContain('Arrived');
    expect(listed.stdout.split('\n')[0]).toBe('position: epoch 1, sequence 2');
    expect((await following).stdout.split('\n').slice(0, 3)).toStrictEqual([
      expect.stringContaining('connection.baseline_completed'),
      expect.stringContaining('Arrived'),
      expect.stringContaining('Followed'),
    ]);
  });
});

/** The table behind the back of every store. */
function openTable() {
  const documents = DynamoDBDocumentClient.from(stack.feed.clients.table);
  return createTableClient(documents, stack.feed.tableName, async () => undefined);
}
