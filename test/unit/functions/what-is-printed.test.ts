import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { type DeployedOptions, startDeployedFeed } from '../../support/deployed-feed.ts';
import { capturePrinted, metricKinds } from '../../support/printed-lines.ts';
import { aBatch, aConnection } from '../store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const id = connectionId('acme');
/** In everything that belongs to a user, and in the secret: none of it may be printed. */
const marker = 'zq4711marker';
const markedUser = (number: number, changes: object = {}) => ({
  _type: 'User',
  id: number,
  login: `${marker}-login-${number}`,
  name: `${marker} name`,
  firstName: marker,
  lastName: marker,
  email: `${marker}@example.com`,
  status: 'active',
  ...changes,
});
const page = (users: readonly object[]) => ({
  _type: 'Collection',
  total: users.length,
  count: users.length,
  pageSize: 200,
  offset: 1,
  _embedded: { elements: users },
});
const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const secretAnswer: NonNullable<DeployedOptions['answerAws']> = () => ({
  body: { Parameter: { Value: `${marker}-secret` } },
});

async function startFeed(options: Partial<DeployedOptions> = {}) {
  const vendor = { answer: json(200, page([markedUser(1), markedUser(2)])) as (response: ServerResponse) => void };
  const feed = await startDeployedFeed({
    answerVendor: (response) => vendor.answer(response),
    answerAws: secretAnswer,
    ...options,
  });
  onTestFinished(feed.close);
  const credentials = { apiKey: { ssm: '/ucf/acme' } };
  const options_ = { pageSize: 200 };
  const settings = aConnection(id, { baseUrl: feed.vendorUrl, credentials, options: options_ });
  await feed.store.saveConnection(settings, () => 'key', feed.clock.nowMs);
  return {
    feed,
    vendor,
    /** A minute of the whole stack: dispatch, whatever is in the queue, and the stream. */
    async minute(minutes = 20) {
      feed.clock.nowMs += minutes * 60_000;
      await feed.dispatch();
      for (const body of feed.messages.splice(0)) await feed.sweep(body);
      await feed.stream.deliver(id);
    },
  };
}

describe('what the functions print', () => {
  it('is the metrics of the contract, under their dimensions alone', async () => {
    const printed = capturePrinted();
    const { minute, vendor, feed } = await startFeed();

    await minute();
    vendor.answer = json(
      200,
      page([markedUser(1, { email: `${marker}-new@example.com` }), markedUser(2), markedUser(3)]),
    );
    await minute();
    vendor.answer = json(429, {});
    await minute();
    const dispatched = metricKinds(printed.metrics());

    expect(feed.taken.map((event) => event['detail-type'])).toStrictEqual([
      'connection.baseline_completed',
      'user.updated',
      'user.created',
    ]);
    expect(JSON.stringify(feed.taken)).toContain(marker);
    expect(dispatched).toStrictEqual(
      [
        'Sweeps{outcome,vendor}',
        ...['UsersSeen', 'Created', 'Updated', 'StatusChanged', 'Deleted', 'Held', 'SweepSeconds', 'Pages'].map(
          (name) => `${name}{vendor}`,
        ),
        ...['VendorLatencyMs', 'VendorThrottled', 'VendorServerErrors'].map((name) => `${name}{vendor}`),
        ...['StaleConnections', 'FailingConnections', 'OldestCompleteSweepSeconds', 'DueConnections'].map(
          (name) => `${name}{}`,
        ),
        ...['PublishLagMs', 'UnpublishedAgeSeconds', 'BusMissing'].map((name) => `${name}{}`),
      ].sort(),
    );
    expect(
      new Set(printed.metrics().flatMap((one) => one._aws.CloudWatchMetrics.map((each) => each.Namespace))),
    ).toStrictEqual(new Set(['UserChangeFeed']));
    expect(printed.metrics().filter((one) => 'Created' in one)).toMatchObject([
      { vendor: 'openproject', connectionId: 'acme', UsersSeen: 2, Created: 0 },
      { vendor: 'openproject', connectionId: 'acme', UsersSeen: 3, Created: 1, Updated: 1 },
      { vendor: 'openproject', connectionId: 'acme', UsersSeen: 0 },
    ]);
  });

  it('says of each sweep which it was, how it ended and why', async () => {
    const printed = capturePrinted();
    const { minute, vendor } = await startFeed();
    await minute();
    vendor.answer = json(401, { message: marker });

    await minute();

    const sweeps = printed.logs().filter(({ message }) => message === 'sweep over');
    expect(sweeps).toMatchObject([
      { level: 'INFO', connectionId: 'acme', vendor: 'openproject', outcome: 'baseline', counts: { seen: 2 } },
      { outcome: 'failed', failureCode: 'vendor.unauthorized', deniedBy: [expect.any(String)] },
    ]);
    expect(sweeps.every(({ sweepId }) => typeof sweepId === 'string')).toBe(true);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['an error that names a user', json(500, { message: `${marker} is locked`, errorIdentifier: marker })],
    ['a refusal that names a user', json(403, { _type: 'Error', message: `${marker} may not` })],
    ['a request that is refused with its credentials', json(400, `Basic ${marker}-secret ${marker}`)],
    ['text that is no JSON', json(200, `${marker} {`)],
    [
      'rows that cannot be read',
      json(200, page([{ _type: 'User', id: { [marker]: marker }, login: marker }, [marker]])),
    ],
    ['a page of another shape', json(200, { [marker]: marker, total: marker })],
    [
      'a user too odd for words',
      json(200, page([markedUser(1, { status: marker, admin: marker, createdAt: marker })])),
    ],
    ['a user with an id of text', json(200, page([{ ...markedUser(1), id: `${marker}-id` }]))],
    ['a connection that is cut', (response) => void response.destroy()],
  ])('holds nothing of a user and no secret: %s', async (_, answer) => {
    const printed = capturePrinted();
    const { minute, vendor } = await startFeed();
    await minute();
    vendor.answer = answer;

    await minute();
    await minute();

    expect(printed.text()).not.toContain(marker);
    expect(printed.logs().length).toBeGreaterThan(2);
  });

  it.each<[string, Partial<DeployedOptions>]>([
    ['a bus that is missing', { busNames: [] }],
    ['a secret of the wrong shape', { answerAws: () => ({ body: { Parameter: { Value: `${marker}\u0000` } } }) }],
    ['a secret that may not be read', { answerAws: () => ({ error: 'AccessDeniedException', message: marker }) }],
  ])('holds nothing of a user and no secret: %s', async (_, options) => {
    const printed = capturePrinted();
    const { minute } = await startFeed(options);

    await minute();
    await minute();

    expect(printed.text()).not.toContain(marker);
    expect(printed.logs().length).toBeGreaterThan(2);
  });

  it('names the connection of a message that fails, and nothing else of it', async () => {
    const printed = capturePrinted();
    const { feed } = await startFeed();
    await feed.store.appendBatch(aBatch(id, 1, { lastSequence: marker as never }));

    const answer = await feed.sweep(JSON.stringify({ connectionId: 'acme', note: marker }));
    const unreadable = await feed.sweep(marker);

    expect([answer, unreadable].map(({ batchItemFailures }) => batchItemFailures.length)).toStrictEqual([1, 1]);
    expect(printed.logs().filter(({ message }) => message === 'tick failed')).toMatchObject([
      { level: 'ERROR', connectionId: 'acme', vendor: 'openproject', fault: { code: 'internal.invariant' } },
      { level: 'ERROR', receives: 1, fault: { name: 'SyntaxError' } },
    ]);
    expect(printed.text()).not.toContain(marker);
  });

  it('tells of a missing bus every minute, whether or not there is anything to publish', async () => {
    const printed = capturePrinted();
    const { feed } = await startFeed({ busNames: [] });

    await feed.dispatch();
    await feed.dispatch();

    expect(printed.metrics().filter((one) => 'BusMissing' in one)).toMatchObject([
      { BusMissing: 1 },
      { BusMissing: 1 },
    ]);
    expect(printed.logs().filter(({ message }) => message === 'a bus is not there')).toMatchObject([
      { fault: { code: 'publish.bus_missing', message: expect.stringContaining('users') } },
      {},
    ]);
  });
});
