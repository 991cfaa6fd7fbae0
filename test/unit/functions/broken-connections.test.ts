import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connection } from '../../../src/model/connection.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { epochMs, instant } from '../../../src/model/instant.ts';
import type { SweepReport } from '../../../src/sweep/sweep-report.ts';
import { type DeployedOptions, startDeployedFeed } from '../../support/deployed-feed.ts';
import { capturePrinted } from '../../support/printed-lines.ts';
import { aConnection, all } from '../store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const id = connectionId('acme');

/** A deployed connection of two users that anybody may break and repair. */
async function openConnection() {
  const printed = capturePrinted();
  const users = [1, 2].map((number) => ({
    _type: 'User',
    id: number,
    login: `u${number}`,
    email: `ada${number}@example.com`,
    name: 'Ada',
    status: 'active',
  }));
  const secret: { answer: ReturnType<NonNullable<DeployedOptions['answerAws']>> } = {
    answer: { body: { Parameter: { Value: 's3cret' } } },
  };
  const feed = await startDeployedFeed({
    answerVendor: (response) => {
      const page = { _type: 'Collection', total: users.length, count: users.length, pageSize: 200, offset: 1 };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...page, _embedded: { elements: users } }));
    },
    answerAws: () => secret.answer,
  });
  onTestFinished(feed.close);
  const settings = { baseUrl: feed.vendorUrl, credentials: { apiKey: { ssm: '/ucf/acme' } } };
  const save = (changes: Partial<Connection> = {}) =>
    feed.store.saveConnection(aConnection(id, { ...settings, ...changes }), () => 'key', feed.clock.nowMs);
  await save();
  const failures: unknown[] = [];
  return {
    feed,
    users,
    secret,
    save,
    failures,
    printed,
    /** The minute in which the connection is due: dispatch, whatever is in the queue, and the stream. */
    async whenDue() {
      const { dueAt } = (await feed.store.readState(id)) ?? {};
      feed.clock.nowMs = Math.max(feed.clock.nowMs, dueAt === undefined ? 0 : epochMs(dueAt)) + 1;
      await feed.dispatch();
      for (const body of feed.messages.splice(0)) failures.push(...(await feed.sweep(body)).batchItemFailures);
      await feed.stream.deliver(id);
    },
    async waitMinutes() {
      const { dueAt } = (await feed.store.readState(id)) ?? {};
      return dueAt === undefined ? 0 : Math.round((epochMs(dueAt) - feed.clock.nowMs) / 60_000);
    },
    told: () => feed.taken.splice(0).map((event) => event['detail-type']),
    lastReport: async () => (await all<SweepReport>(feed.store.listReports(id)))[0],
  };
}

type Opened = Awaited<ReturnType<typeof openConnection>>;

/** What is wrong, how it comes about, and what the report says of it: whose, where, and what to do. */
const breaches: readonly (readonly [string, (opened: Opened) => unknown, RegExp])[] = [
  [
    'a vendor of another version',
    ({ save }) => save({ vendor: 'gone' }),
    /^connection acme has 1 fault\n {2}acme\.vendor: this version knows no vendor "gone": apply the settings/,
  ],
  [
    'options that its vendor refuses',
    ({ save }) => save({ options: { pageSize: 0, colour: 'red' } }),
    /^connection acme has 2 faults\n {2}acme\.options\.pageSize: expected .*\n {2}acme\.options\.colour: /,
  ],
  [
    'a secret that does not exist',
    ({ save, secret }) => {
      Object.assign(secret, { answer: { error: 'ParameterNotFound' } });
      return save({ credentials: { apiKey: { ssm: '/ucf/none' } } });
    },
    /^connection acme has 1 fault\n {2}acme\.credentials\.apiKey: parameter \/ucf\/none does not exist: create it/,
  ],
  [
    'a secret of another shape',
    ({ save, secret }) => {
      Object.assign(secret, { answer: { body: { SecretString: '{"other":"s3cret"}' } } });
      return save({ credentials: { apiKey: { secretsManager: 'ucf/acme', field: 'key' } } });
    },
    /^connection acme has 1 fault\n {2}acme\.credentials\.apiKey: secret ucf\/acme is no JSON object with a field "key"/,
  ],
];

describe('a connection whose settings name', () => {
  it.each(process.env.EVERY_CALL === '1' ? breaches : breaches.slice(1, 3))(
    '%s fails with the reason, later and later, and goes on by itself once repaired',
    async (_, damage, reason) => {
      const opened = await openConnection();
      const { feed, users, secret, whenDue, lastReport, failures, told, waitMinutes } = opened;
      const sound = secret.answer;
      await whenDue();
      const [before, beforeTold] = [await feed.store.readState(id), told()];
      await damage(opened);
      // A function that starts anew remembers no secret.
      feed.clock.nowMs += 3_600_000;

      const waits: number[] = [];
      for (let sweep = 0; sweep < 3; sweep += 1) {
        await whenDue();
        waits.push(await waitMinutes());
      }
      await feed.dispatch();
      const failed = await lastReport();
      const during = { state: await feed.store.readState(id), told: told() };
      Object.assign(users[0] ?? {}, { email: 'grace@example.com' });
      secret.answer = sound;
      await opened.save();
      await whenDue();
      await whenDue();

      expect(beforeTold).toStrictEqual(['connection.baseline_completed']);
      expect(failures).toStrictEqual([]);
      expect(failed).toMatchObject({ outcome: 'failed', failure: { code: 'config.invalid' } });
      expect(failed?.failure?.message).toMatch(reason);
      expect(waits).toStrictEqual([15, 30, 60]);
      expect(during.told).toContain('connection.failing');
      expect(during.told.filter((type) => !type.startsWith('connection.'))).toStrictEqual([]);
      expect(during.state).toMatchObject({ counts: before?.counts, lastComplete: before?.lastComplete, failures: 3 });
      expect(told()).toStrictEqual(['user.updated', 'connection.recovered']);
      expect(await lastReport()).toMatchObject({
        outcome: 'complete',
        purpose: 'live',
        counts: { seen: 2, missing: 0 },
      });
      expect(await feed.store.readState(id)).toMatchObject({ failures: 0, attempts: 0, counts: before?.counts });
      expect(opened.printed.text()).not.toMatch(/Ada|ada\d*@|grace|s3cret/);
      expect(opened.printed.logs().filter(({ message }) => message === 'tick failed')).toStrictEqual([]);
      expect(opened.printed.logs().filter(({ failureCode }) => failureCode === 'config.invalid')).toHaveLength(3);
    },
  );

  it('a vendor of another version is removed when an operator asks for it', async () => {
    const { feed, save, whenDue, told } = await openConnection();
    await whenDue();
    await save({ vendor: 'gone' });
    const at = instant(feed.clock.nowMs);
    await feed.store.writeRequest({ connectionId: id, requestId: 'r1', act: 'remove_connection', by: 'operator', at });
    told();

    await whenDue();

    expect(told()).toStrictEqual(['connection.removed']);
    expect(await feed.store.readConnection(id)).toBeUndefined();
  });
});
