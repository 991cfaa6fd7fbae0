import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BusFault } from '../../local/event-bus/bus-faults.ts';
import type { SentEntry } from '../../local/event-bus/sent-entry.ts';
import { logKey } from '../../src/store/keys.ts';
import { logItem } from '../../src/store/log-store.ts';
import { startAwsServer } from '../support/aws-server.ts';
import { acme, beta, gamma, openMappedFeed } from '../support/mapped-feed.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { aBatch, anEventBatch, update, withEvent } from '../unit/store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const isOf =
  (connection: string, sequence?: number) =>
  ({ Detail = '' }: SentEntry) =>
    Detail.includes(`"connectionId":"${connection}"`) &&
    (sequence === undefined || Detail.includes(`"sequence":${sequence},`));
const refused = (choose: (entry: SentEntry, nth: number) => boolean, times?: number): BusFault => ({
  kind: 'entry_failed',
  errorCode: 'InternalFailure',
  choose,
  ...(times !== undefined && { times }),
});

/** Three connections, whose batches stand in one shard in turn. */
async function openFeed(options: Parameters<typeof openMappedFeed>[0] = {}) {
  const printed = capturePrinted();
  const feed = await openMappedFeed(options);
  const inTurn = async (positions: readonly number[]) => {
    for (const position of positions) for (const id of [acme, beta, gamma]) await feed.commit(id, [position]);
  };
  const heardOfAll = () => [acme, beta, gamma].map(feed.heard);
  return { ...feed, printed, inTurn, heardOfAll };
}

describe('the publish function behind the mapping of the stack', () => {
  it('gets everything out in order over a bus that fails now and then', async () => {
    const { mapping, inTurn, heardOfAll, busFaults, taken } = await openFeed();
    busFaults.plant({ kind: 'answer_lost', times: 2 });
    await inTurn([1]);
    await mapping.step();
    busFaults.plant(refused((_, nth) => nth % 9 !== 0, 60));
    busFaults.plant({ kind: 'call_failed', times: 3 });
    busFaults.plant({ kind: 'call_throttled', times: 3 });
    await inTurn([2, 3, 4, 5]);

    await mapping.drain();

    expect(busFaults.unfired()).toStrictEqual([]);
    expect(heardOfAll()).toStrictEqual([upTo(5), upTo(5), upTo(5)]);
    expect(mapping.givenUp).toStrictEqual([]);
    // What the bus took without saying so came a second time.
    expect(taken.length).toBe(17);
  });

  it('holds one connection back whose events the bus refuses, for as long as it does, and no other', async () => {
    const { mapping, inTurn, heard, heardOfAll, busFaults, commit, clock } = await openFeed();
    const fault = busFaults.plant(refused(isOf(acme)));
    await inTurn([1, 2]);
    await mapping.drain();
    const tries = mapping.invocations.length;
    await inTurn([3]);
    await mapping.step();
    const during = heardOfAll();

    fault.switchOff();
    clock.nowMs += 60_000;
    await commit(acme, [4]);
    await mapping.drain();

    expect(during).toStrictEqual([[], upTo(3), upTo(3)]);
    expect(tries).toBe(31);
    expect(mapping.givenUp).toMatchObject([{ why: 'retries', size: 6 }]);
    expect(heard(acme)).toStrictEqual(upTo(4));
  });

  it('holds later batches back behind one entry of a batch that is refused', async () => {
    const { mapping, heard, write, commit, busFaults } = await openFeed();
    const changes = upTo(3).map((sequence) => withEvent(update(`u${sequence}`, 2), sequence));
    const fault = busFaults.plant(refused(isOf(acme, 2)));
    await write(aBatch(acme, 1, { transitions: changes, lastSequence: 3 }), 'shard');
    await write(anEventBatch(acme, 2, { transitions: [withEvent(update('u', 2), 4)], lastSequence: 4 }), 'shard');
    await commit(beta, [1]);
    await mapping.step();
    const during = [heard(acme), heard(beta)];

    fault.switchOff();
    await mapping.drain();

    expect(during).toStrictEqual([[1, 3], [1]]);
    // Within a batch what is sent again comes later; no batch overtakes another.
    expect(heard(acme)).toStrictEqual([1, 3, 2, 4]);
    expect(mapping.givenUp).toStrictEqual([]);
  });

  it('loses nothing where a policy denies it the bus, says so, and goes on once it may', async () => {
    const denying = await startAwsServer(() => ({ error: 'AccessDeniedException', message: 'not authorized' }));
    onTestFinished(denying.close);
    let isDenied = true;
    const busAddress = (buses: string) => (isDenied ? denying.endpoint : buses);
    const { mapping, inTurn, heardOfAll, printed, taken } = await openFeed({ busAddress });
    await inTurn([1, 2]);
    await mapping.step();
    const during = taken.length;

    isDenied = false;
    await mapping.drain();

    expect([during, denying.calls.length > 0]).toStrictEqual([0, true]);
    expect(heardOfAll()).toStrictEqual([upTo(2), upTo(2), upTo(2)]);
    const faults = printed.logs().filter(({ message }) => message === 'publishing failed');
    expect(faults.map(({ connectionId }) => connectionId)).toStrictEqual([acme, beta, gamma]);
    expect(faults[0]).toMatchObject({
      fault: { code: 'publish.unavailable', cause: { name: 'AccessDeniedException', message: 'not authorized' } },
    });
    expect(printed.metrics().filter((one) => 'PublishFailures' in one)).toHaveLength(3);
  });

  it('holds back the events of a tenant whose bus is missing, and of no other', async () => {
    const environment = { TENANT_BUSES: '{"acme":"acme-users"}' };
    const { mapping, heard, write, commit, printed } = await openFeed({ environment, rules: { maxRetries: 3 } });
    for (const position of upTo(2)) {
      await write({ ...anEventBatch(acme, position), tenantId: 'acme' }, 'shard');
      await commit(beta, [position]);
    }

    await mapping.drain();

    expect([heard(acme), heard(beta)]).toStrictEqual([[], upTo(2)]);
    expect(mapping.givenUp).toHaveLength(1);
    expect(printed.metrics().filter((one) => 'BusMissing' in one)).toHaveLength(4);
    expect(printed.logs().find(({ message }) => message === 'publishing failed')).toMatchObject({
      connectionId: acme,
      fault: { code: 'publish.bus_missing', message: expect.stringContaining('acme-users does not exist; deploy it') },
    });
  });

  it('puts a record that nobody can read aside with its content, and publishes all other connections', async () => {
    const { mapping, inTurn, heard, store } = await openFeed({ rules: { maxRetries: 3 } });
    const poison = { ...anEventBatch(acme, 1), lastSequence: 'unreadable' as never };
    await store.appendBatch(poison);
    mapping.put('shard', { eventName: 'INSERT', item: logItem(poison) });
    for (const id of [beta, gamma]) mapping.put('shard', { eventName: 'INSERT', item: logItem(anEventBatch(id, 1)) });
    await store.appendBatch(anEventBatch(beta, 1));
    await store.appendBatch(anEventBatch(gamma, 1));
    await inTurn([2, 3]);

    await mapping.drain();

    expect([heard(acme), heard(beta), heard(gamma)]).toStrictEqual([[], upTo(3), upTo(3)]);
    expect(mapping.givenUp).toMatchObject([{ why: 'retries', size: 9 }]);
    expect(mapping.givenUp[0]?.payload).toContain(logKey(acme, 1).sk);
    expect(mapping.givenUp[0]?.payload).toContain('unreadable');
  });

  it('puts aside nothing but the record that kills it', async () => {
    const killer = logKey(acme, 2);
    const { mapping, inTurn, heardOfAll } = await openFeed({
      rules: { maxRetries: 3 },
      async onInvoke({ Records }) {
        const isIn = Records.some(
          ({ dynamodb }) => dynamodb?.Keys?.pk?.S === killer.pk && dynamodb.Keys.sk?.S === killer.sk,
        );
        if (isIn) throw new Error('out of memory');
      },
    });
    await inTurn(upTo(3));

    await mapping.drain();

    expect(mapping.givenUp).toMatchObject([{ why: 'retries', size: 1 }]);
    expect(mapping.givenUp[0]?.payload).toContain(killer.sk);
    // The next batch of its connection brings it along from the log.
    expect(heardOfAll()).toStrictEqual([upTo(3), upTo(3), upTo(3)]);
  });

  it('publishes from the log what the stream gave up for its age', async () => {
    const { mapping, heard, commit, clock } = await openFeed();
    await commit(acme, [1, 2]);
    clock.nowMs += 7 * 3_600_000;

    await commit(acme, [3]);
    await mapping.drain();

    expect(mapping.givenUp).toMatchObject([{ why: 'age', size: 2 }]);
    expect(heard(acme)).toStrictEqual(upTo(3));
  });

  it('publishes once, and in order, what comes in several shards, the last first, and comes again', async () => {
    const { mapping, commit, heard, taken } = await openFeed();
    await commit(acme, [1, 2], 'parent');
    await commit(acme, [3, 4], 'child');
    mapping.put(
      'again',
      ...upTo(4).map((position) => ({ eventName: 'INSERT', item: logItem(anEventBatch(acme, position)) }) as const),
    );

    await mapping.drain('child');
    await mapping.drain('again');
    await mapping.drain('parent');

    expect([heard(acme), taken.length]).toStrictEqual([upTo(4), 4]);
  });

  it('shows every event, and first in order, where it runs several times at once over one connection', async () => {
    const { mapping, commit, heard } = await openFeed({ rules: { parallelization: 4, batchSize: 1 } });
    await commit(acme, upTo(12));

    await mapping.drain();

    expect(heard(acme)).toStrictEqual(upTo(12));
  });
});
