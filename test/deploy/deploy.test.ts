import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { contractFaults } from '../support/consumer.ts';
import { createDeployment, type Deployment, feedStack, type Outputs } from './deployment.ts';
import { type EmulatedAws, startEmulatedAws } from './emulated-aws.ts';
import { type EventQueue, openEventQueue } from './event-queue.ts';
import { readLogs } from './read-logs.ts';
import { startVendorAccount, type VendorAccount, vendorNames } from './vendor-accounts.ts';

let aws: EmulatedAws;
let folder: string;
let deployment: Deployment;
let accounts: readonly VendorAccount[];
let feed: Outputs;
let printer: Outputs;
let consumer: EventQueue;

beforeAll(async () => {
  aws = await startEmulatedAws();
  folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  deployment = createDeployment(aws, folder);
  accounts = await Promise.all(vendorNames.map(startVendorAccount));
});
afterAll(async () => {
  consumer?.close();
  await Promise.all((accounts ?? []).map(({ simulator }) => simulator.close()));
  await aws?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

// One story: each step begins where the one before it has ended.
describe('a deployed feed', () => {
  it('is refused without credentials and in a region that does not exist, and nothing is made', async () => {
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...nobody } = aws.environment;
    const anonymous = await deployment.tryDeploy({ ...nobody, AWS_EC2_METADATA_DISABLED: 'true' });
    const onMars = await deployment.tryDeploy({ ...aws.environment, AWS_REGION: 'mars-north-1' });

    expect(anonymous.exitCode).toBe(1);
    expect(anonymous.said).toMatch(/credentials/);
    expect(onMars.exitCode).toBe(1);
    expect(onMars.said).toMatch(/AWS_REGION: found "mars-north-1".*write one as in eu-central-1/);
    expect((await deployment.ucf('connections', 'list')).said).toMatch(/there is no such stack/);
  });

  it('is there after `cdk bootstrap` and one `cdk deploy`', async () => {
    await deployment.bootstrap();
    feed = await deployment.deployFeed();
    const { QueueUrl = '' } = await deployment.deployConsumer('consumer', feed.BusArn ?? '');
    consumer = openEventQueue(aws.config, QueueUrl);
    printer = await deployment.deployConsumer('PrintEvents', feed.BusArn ?? '');

    expect(feed).toMatchObject({ BusName: 'user-change-feed', SecretsPrefix: 'user-change-feed' });
    expect((await deployment.ucf('connections', 'list')).said).toMatch(/no connections/);
  });

  it('saves no connection while a secret is missing, and all of them when it is there', async () => {
    const file = join(folder, 'connections.json');
    await writeFile(file, JSON.stringify({ connections: accounts.map(({ connection }) => connection) }));
    const [missing = '', ...others] = accounts.flatMap(({ parameters }) => Object.keys(parameters));
    for (const name of others) await putSecret(name);
    const refused = await deployment.ucf('connections', 'apply', file);
    const listed = await deployment.ucf('connections', 'list');
    await putSecret(missing);
    const applied = await deployment.ucf('connections', 'apply', file);

    expect(refused.exitCode).toBe(2);
    expect(refused.said).toContain(`parameter ${missing} does not exist: create it, or name another`);
    expect(listed.said).toMatch(/no connections/);
    expect([applied.exitCode, applied.said.trim().split('\n').at(-1)]).toStrictEqual([0, 'saved: 5 new, 0 changed']);
  });

  it('tells the consumer of one silent baseline a connection once the schedule has fired', async () => {
    await consumer.receiveUntil(accounts.length);

    expect(heard()).toStrictEqual(
      accounts.map(({ connectionId }) => `${connectionId} connection.baseline_completed`).sort(),
    );
  });

  it('tells of everybody who joined, changed, was locked out or left, once each', async () => {
    const already = consumer.received.length;
    const happened = accounts.map((account) => ({ id: account.connectionId, ...account.change() }));
    await consumer.receiveUntil(already + accounts.length * 4);

    expect(heard(already)).toStrictEqual(
      happened
        .flatMap(({ id, created, updated, statusChanged, deleted }) => [
          `${id} user.created ${created.id}`,
          `${id} user.deleted ${deleted.id}`,
          `${id} user.status_changed ${statusChanged.id}`,
          `${id} user.updated ${updated.id}`,
        ])
        .sort(),
    );
    expect(faults()).toStrictEqual([]);
  });

  it('has the consumer of docs/consuming.md print a line for each of them', async () => {
    const told = consumer.received.filter(({ type }) => type.startsWith('user.')) as readonly UserEvent[];
    const expected = told.map(({ type, metadata: { connectionId, userId } }) => [type, `${connectionId} ${userId} `]);
    const printed = await untilPrinted(expected.length);

    const ofType = { 'user.deleted': /left$/, 'user.status_changed': /is \w+$/ } as Record<string, RegExp>;
    for (const [type = '', start = ''] of expected)
      expect(printed.filter((line) => line.startsWith(start) && (ofType[type] ?? /user\./).test(line))).toHaveLength(1);
  });

  it('states the present of everybody towards a queue, under ids of its own and the revisions that are known', async () => {
    const [account] = accounts;
    const { connectionId = '', simulator } = account ?? {};
    const already = consumer.received.length;
    const run = await deployment.ucf('resync', connectionId, '--to-queue', consumer.url);
    await consumer.receiveUntil(already + (simulator?.directory.people().length ?? 0) + 1);

    const stated = consumer.received.slice(already) as readonly UserEvent[];
    const live = new Map(
      (consumer.received.slice(0, already) as readonly UserEvent[])
        .filter(({ metadata, type }) => metadata.connectionId === connectionId && type.startsWith('user.'))
        .map(({ metadata }) => [metadata.userId, metadata.revision]),
    );
    expect([run.exitCode, run.said]).toStrictEqual([0, expect.any(String)]);
    expect(stated.map(({ type, metadata }) => `${type} ${metadata.userId} ${metadata.origin}`).sort()).toStrictEqual(
      [
        ...(simulator?.directory.people() ?? []).map(({ id }) => `user.created ${id} resync`),
        ...gone(connectionId).map((id) => `user.deleted ${id} resync`),
      ].sort(),
    );
    for (const { metadata } of stated) expect(metadata.revision).toBe(live.get(metadata.userId) ?? 1);
    consumer.forget(stated);
  });

  it('goes on where it stood after the stack is updated', async () => {
    const before = await describeTable();
    await deployment.deployFeed({ sweepMemoryMb: '1024', logRetentionDays: '90' });
    const already = consumer.received.length;
    const renamed = accounts.map((account) => `${account.connectionId} user.updated ${account.rename().id}`);
    await consumer.receiveUntil(already + accounts.length);

    expect(await describeTable()).toStrictEqual(before);
    expect(heard(already)).toStrictEqual(renamed.sort());
    expect(faults()).toStrictEqual([]);
  });

  it('loses no change while a credential is refused, and says why it fails', async () => {
    const [account] = accounts;
    if (account === undefined) throw new Error('no account');
    const { connectionId, simulator } = account;
    simulator.traps.arm('unauthorized');
    const failed = await deployment.ucf('sweep', connectionId);
    const already = consumer.received.length;
    const { id } = account.rename();
    simulator.traps.disarm('unauthorized');
    const swept = await deployment.ucf('sweep', connectionId);
    await consumer.receiveUntil(already + 1);

    expect([failed.exitCode, failed.said]).toStrictEqual([1, expect.stringContaining('answered 401')]);
    expect([swept.exitCode, swept.printed]).toStrictEqual([0, expect.stringContaining(`${connectionId} ${id} `)]);
    expect(heard(already)).toStrictEqual([`${connectionId} user.updated ${id}`]);
  });

  it('tells nothing twice in the sweeps that follow', async () => {
    const already = consumer.received.length;
    await consumer.receiveFor(70_000);

    expect(heard(already)).toStrictEqual([]);
    expect(new Set(consumer.received.map(({ metadata }) => metadata.eventId)).size).toBe(already);
  });

  it('has logged sweeps, and nothing of users or secrets', async () => {
    const lines: string[] = [];
    for (const name of ['dispatch', 'sweep', 'publish']) lines.push(...(await readLogs(aws, `${feedStack}-${name}`)));
    const text = lines.join('\n');
    const secrets = accounts.flatMap(({ parameters }) => Object.values(parameters));
    const personal = [...secrets, ...accounts.flatMap((account) => account.names())].filter(({ length }) => length > 3);

    expect(lines.filter((line) => line.includes('"message":"sweep over"')).length).toBeGreaterThan(10);
    expect(personal.filter((one) => text.includes(one))).toStrictEqual([]);
  });

  it('is gone after `cdk destroy`', async () => {
    for (const name of ['PrintEvents', 'consumer'] as const) await deployment.destroyConsumer(name, feed.BusArn ?? '');
    await deployment.destroyFeed();

    await expect(describeTable()).rejects.toThrow(/not found/i);
  });
});

async function putSecret(name: string): Promise<void> {
  const client = new SSMClient(aws.config);
  const known = Object.assign({}, ...accounts.map(({ parameters }) => parameters)) as Record<string, string>;
  const Value = known[name] ?? '';
  await client.send(new PutParameterCommand({ Name: name, Value, Type: 'SecureString', Overwrite: true }));
  client.destroy();
}

/** What the function that prints events has printed, once it is so many lines or more. */
async function untilPrinted(count: number): Promise<readonly string[]> {
  for (let tries = 0; ; tries += 1) {
    const lines = (await readLogs(aws, printer.FunctionName ?? '')).map((line) => line.trim());
    const printed = lines.filter((line) => line.startsWith('acme-'));
    if (printed.length >= count || tries === 30) return printed;
    await sleep(1_000);
  }
}

/** Whose deletion the consumer has heard of. */
function gone(connectionId: string): readonly string[] {
  const events = consumer.received as readonly UserEvent[];
  return events
    .filter(
      ({ type, metadata }) =>
        type === 'user.deleted' && metadata.connectionId === connectionId && metadata.origin === 'live',
    )
    .map(({ metadata }) => metadata.userId);
}

/** What the consumer has heard since so many events, each as connection, type and user. */
function heard(since = 0): readonly string[] {
  return consumer.received
    .slice(since)
    .map(({ type, metadata }) => {
      const { connectionId, userId } = metadata as UserEvent['metadata'];
      return [connectionId, type, ...(userId === undefined ? [] : [userId])].join(' ');
    })
    .sort();
}

function faults(): readonly string[] {
  return accounts.flatMap(({ connectionId }) =>
    contractFaults(consumer.received.filter(({ metadata }) => metadata.connectionId === connectionId) as never),
  );
}

async function describeTable() {
  const client = new DynamoDBClient(aws.config);
  const { Table } = await client
    .send(new DescribeTableCommand({ TableName: feed.TableName ?? '' }))
    .finally(() => client.destroy());
  return { TableArn: Table?.TableArn, CreationDateTime: Table?.CreationDateTime, TableId: Table?.TableId };
}
