import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDeployedGuard } from '../../functions/deployed-mark.ts';
import { connectionId } from '../../src/model/ids.ts';
import { backUpTable, readTable } from '../support/back-up-table.ts';
import { believe, numbersOf } from '../support/believe.ts';
import { epochParameter, startDeployedFeed } from '../support/deployed-feed.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { aConnection } from '../unit/store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const id = connectionId('acme');
const minuteMs = 60_000;

/** A deployed feed over a list of logins by id, which the test changes, and whoever listens from the beginning. */
async function startFeed() {
  capturePrinted();
  const users = new Map<number, string>([1, 2, 3].map((number) => [number, `User ${number}`]));
  const vendor = { requests: 0 };
  const feed = await startDeployedFeed({
    answerVendor(response) {
      vendor.requests += 1;
      answerList(response, users);
    },
    answerAws: () => ({ body: { Parameter: { Value: 'secret' } } }),
  });
  onTestFinished(feed.close);
  const settings = {
    baseUrl: feed.vendorUrl,
    credentials: { apiKey: { ssm: '/ucf/acme' } },
    options: { pageSize: 200 },
    baseline: 'emit' as const,
    deletion: { confirmSweeps: 2, probe: false, maxProbes: 0 },
  };
  await feed.store.saveConnection(aConnection(id, settings), () => 'key', feed.clock.nowMs);
  const guard = createDeployedGuard({
    ...feed.clients,
    parameterName: epochParameter,
    tableName: feed.tableName,
    stackName: 'people',
    store: feed.store,
    nowMs: () => feed.clock.nowMs,
  });
  return {
    feed,
    users,
    vendor,
    guard,
    backUp: () => backUpTable(feed.clients.table, feed.tableName),
    items: () => readTable(feed.clients.table, feed.tableName),
    /** So long that whatever is due, and whatever anybody has kept is asked for again. */
    async minute() {
      feed.clock.nowMs += 20 * minuteMs;
      await feed.dispatch();
      const answers = [];
      for (const body of feed.messages.splice(0)) answers.push(await feed.sweep(body));
      await feed.stream.deliver(id);
      return answers;
    },
  };
}

function answerList(response: ServerResponse, users: ReadonlyMap<number, string>): void {
  const elements = [...users].map(([number, name]) => ({
    _type: 'User',
    id: number,
    login: name,
    name,
    status: 'active',
  }));
  const count = elements.length;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ _type: 'Collection', total: count, count, pageSize: 200, offset: 1, _embedded: { elements } }),
  );
}

const parsed = (value: string | undefined) => JSON.parse(value ?? '');

describe('the mark of a deployed feed', () => {
  it('gets the name of the table with the first dispatch, and is written once', async () => {
    const { feed, minute } = await startFeed();

    await minute();
    await minute();

    expect(parsed(feed.mark.value)).toStrictEqual({ epoch: 1, table: expect.stringMatching(/^[\da-f-]{30,36}$/) });
    expect(feed.calls.filter(({ operation }) => operation === 'PutParameter')).toHaveLength(1);
    expect(numbersOf(feed.taken).numbers).toStrictEqual(['1/1', '1/2', '1/3', '1/4']);
  });

  it('that names no table is good enough for a sweep', async () => {
    const { feed } = await startFeed();

    const answer = await feed.sweep(JSON.stringify({ connectionId: id }));

    expect([answer.batchItemFailures, feed.mark.value]).toStrictEqual([[], '{"epoch":1}']);
    expect((await feed.store.readState(id))?.lastComplete).toBeDefined();
  });

  it.each([
    ['is lost', undefined, 'does not exist'],
    ['is no JSON', '1 or so', 'does not hold JSON'],
    ['has an epoch that is no number', '{"epoch":"1"}', 'does not hold JSON'],
    ['has an epoch that never was', '{"epoch":0}', 'does not hold JSON'],
  ])('stops everything where it %s, names the parameter and says what to do', async (_what, value, words) => {
    const { feed, minute, vendor, guard } = await startFeed();
    await minute();
    const before = vendor.requests;
    feed.mark.value = value;

    const fault = await minute().catch((error: unknown) => error);
    const answer = await feed.sweep(JSON.stringify({ connectionId: id }));

    expect(fault).toMatchObject({ code: 'config.invalid', disposition: 'operator' });
    expect(String(fault)).toContain(`the parameter ${epochParameter} ${words}`);
    expect(String(fault)).toContain('ucf doctor --recover --stack people');
    expect([answer.batchItemFailures.length, vendor.requests, feed.messages]).toStrictEqual([1, before, []]);

    expect(await guard.recover('ada')).toBe(2);
    expect((await minute()).map(({ batchItemFailures }) => batchItemFailures)).toStrictEqual([[]]);
  });

  it('fails this minute and not the next where nobody answers', async () => {
    const { feed, minute } = await startFeed();
    feed.mark.isDown = true;

    await expect(minute()).rejects.toMatchObject({ code: 'store.unavailable' });
    feed.mark.isDown = false;

    expect((await minute()).map(({ batchItemFailures }) => batchItemFailures)).toStrictEqual([[]]);
  });
});

describe('a table restored from a backup', () => {
  it('stops dispatcher and sweeps: nobody is asked, nothing is written, nothing is sent or told', async () => {
    const { feed, minute, backUp, users, vendor, items } = await startFeed();
    await minute();
    const restore = await backUp();
    users.set(4, 'User 4');
    await minute();
    await restore();
    const [before, requests, told, mark] = [await items(), vendor.requests, feed.taken.length, feed.mark.value];
    const printed = capturePrinted();

    // Days later: every connection is due, stale and failing.
    feed.clock.nowMs += 5 * 24 * 60 * minuteMs;
    const fault = await feed.dispatch().catch((error: unknown) => error);
    const answer = await feed.sweep(JSON.stringify({ connectionId: id, dueAt: 'any', budget: 'b' }));

    expect(fault).toMatchObject({ code: 'store.restored' });
    expect(answer.batchItemFailures).toStrictEqual([{ itemIdentifier: 'm' }]);
    expect([await items(), vendor.requests, feed.taken.length, feed.messages]).toStrictEqual([
      before,
      requests,
      told,
      [],
    ]);
    expect(feed.mark.value).toBe(mark);
    const message = expect.stringContaining('ucf doctor --recover --stack people');
    const said = { level: 'ERROR', fault: { code: 'store.restored', message } };
    expect(printed.logs()).toMatchObject([said, said]);
  });

  it('goes on in a new epoch once it has recovered: no event id twice, no number skipped, nothing lost', async () => {
    const { feed, minute, backUp, users, guard } = await startFeed();
    await minute();
    const restore = await backUp();
    users.set(1, 'User 1, renamed').set(4, 'User 4');
    await minute();
    users.set(1, 'User 1, renamed twice').delete(2);
    for (let times = 0; times < 3; times += 1) await minute();
    await restore();
    users.set(5, 'User 5').delete(3);

    expect(await guard.read()).toStrictEqual({ kind: 'restored', epoch: 1 });
    expect(await guard.recover('ada')).toBe(2);
    expect(await guard.read()).toStrictEqual({ kind: 'current', epoch: 2 });
    for (let times = 0; times < 3; times += 1) await minute();

    const { numbers, ids } = numbersOf(feed.taken);
    expect(ids).toBe(feed.taken.length);
    expect(numbers.filter((number) => number.startsWith('2/'))).toStrictEqual(['2/5', '2/6', '2/7', '2/8', '2/9']);
    expect(believe(feed.taken)).toStrictEqual(new Map([...users].map(([number, name]) => [String(number), name])));
    expect(parsed(feed.mark.value)).toMatchObject({ epoch: 2, recovered: { by: 'ada' } });
  });

  it('still publishes what its log holds, under the ids it always had', async () => {
    const { feed, minute, backUp } = await startFeed();
    await feed.dispatch();
    for (const body of feed.messages.splice(0)) await feed.sweep(body);
    const restore = await backUp();
    await feed.stream.deliver(id);
    const before = feed.taken.splice(0);

    await restore();
    await expect(minute()).rejects.toMatchObject({ code: 'store.restored' });
    await feed.stream.deliver(id);

    expect(numbersOf(before).numbers).toStrictEqual(['1/1', '1/2', '1/3', '1/4']);
    expect(feed.taken.map(({ detail }) => detail)).toStrictEqual(before.map(({ detail }) => detail));
  });
});

describe('a mark that was put back', () => {
  it('stops everything where a connection knows a higher epoch, also where it names no table', async () => {
    const { feed, minute, guard, vendor } = await startFeed();
    await minute();
    await guard.recover('ada');
    await minute();
    const { table } = parsed(feed.mark.value);
    const before = vendor.requests;

    for (const value of ['{"epoch":1}', JSON.stringify({ epoch: 1, table })]) {
      feed.mark.value = value;
      await expect(minute()).rejects.toMatchObject({ code: 'store.restored' });
      const answer = await feed.sweep(JSON.stringify({ connectionId: id }));
      expect([answer.batchItemFailures.length, feed.mark.value]).toStrictEqual([1, value]);
    }

    expect([vendor.requests, feed.messages]).toStrictEqual([before, []]);
    expect(await guard.read()).toStrictEqual({ kind: 'ahead', epoch: 1 });
    expect(await guard.recover('ada')).toBe(3);
    expect((await minute()).map(({ batchItemFailures }) => batchItemFailures)).toStrictEqual([[]]);
  });
});
