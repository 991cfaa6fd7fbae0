import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import { settingsKey } from '../../../../src/store/keys.ts';
import { dispatchUnderTest, minuteMs, noon, noonMs } from '../../../support/dispatch-under-test.ts';
import { startTestTable, type TestTable } from '../../../support/test-table.ts';

let table: TestTable;
let feed: ReturnType<typeof dispatchUnderTest>;

beforeEach(async () => {
  table = await startTestTable();
  feed = dispatchUnderTest(table);
});
afterEach(() => table.close());

describe('dispatchDue', () => {
  it('asks for a sweep of what is due, and of nothing else', async () => {
    await feed.add('due');
    await feed.add('later', {}, { dueAt: instant(noonMs + minuteMs) });

    const report = await feed.dispatch();

    expect(feed.sent).toMatchObject([{ message: { connectionId: 'due', dueAt: noon }, tenantId: 'tenant' }]);
    expect(report).toMatchObject({ due: 1, sent: 1 });
  });

  it('asks once while the message is on its way, and again when its place has expired', async () => {
    await feed.add('due');
    await feed.dispatch();
    feed.clock.nowMs += minuteMs;
    await feed.dispatch();
    const meanwhile = feed.asked();
    feed.clock.nowMs += 10 * minuteMs;

    await feed.dispatch();

    expect([meanwhile, feed.asked()]).toStrictEqual([['due'], ['due']]);
  });

  it('puts off paused connections and asks for them as soon as they are resumed', async () => {
    const id = await feed.add('rests', { paused: true });
    await feed.dispatch();
    feed.clock.nowMs += minuteMs;
    const second = await feed.dispatch();
    const paused = await feed.store.readConnection(id);
    if (paused === undefined) throw new Error('expected settings');
    const { paused: _, ...resumed } = paused;

    await feed.store.saveConnection(resumed, () => 'key', feed.clock.nowMs);
    await feed.dispatch();

    expect(second.due).toBe(0);
    expect(feed.asked()).toStrictEqual(['rests']);
  });

  it('stays paused when its settings are saved as paused again', async () => {
    const id = await feed.add('rests', { paused: true });
    await feed.dispatch();
    const paused = await feed.store.readConnection(id);

    if (paused !== undefined) await feed.store.saveConnection(paused, () => 'key', feed.clock.nowMs);
    const report = await feed.dispatch();

    expect([report.due, feed.asked()]).toStrictEqual([0, []]);
  });

  it('leaves connections alone within their maintenance window, and asks at its end', async () => {
    await feed.add('closed', { maintenance: [{ from: '11:30', to: '12:30' }] });
    await feed.dispatch();
    const within = feed.asked();
    feed.clock.nowMs = noonMs + 30 * minuteMs;

    await feed.dispatch();

    expect([within, feed.asked()]).toStrictEqual([[], ['closed']]);
  });

  it('puts nothing off while somebody may be sweeping it', async () => {
    const id = await feed.add('busy', { paused: true });
    await feed.store.acquireLease(id, {
      holder: 'a/1',
      nowMs: noonMs,
      expiresAtMs: Date.now() + 60 * minuteMs,
      ownsAllLeases: false,
    });

    await feed.dispatch();

    expect((await feed.store.readState(id))?.dueAt).toBe(noon);
    expect(feed.asked()).toStrictEqual([]);
  });

  it('goes on with the others where the settings of one cannot be read', async () => {
    await feed.add('broken');
    await feed.add('fine');
    await table.raw.put({ ...settingsKey(connectionId('broken')), connection: { id: 'broken' } });

    await feed.dispatch();

    expect(feed.asked()).toStrictEqual(['fine']);
    expect(feed.faults.map(([id]) => id)).toStrictEqual(['broken']);
  });

  it('asks again at once for what the queue did not take', async () => {
    await feed.add('dropped');
    await feed.add('taken');
    feed.queue.refuses = ({ message }) => message.connectionId === 'dropped';
    const report = await feed.dispatch();
    feed.asked();
    feed.queue.refuses = () => false;

    await feed.dispatch();

    expect(report.sent).toBe(1);
    expect(feed.asked()).toStrictEqual(['dropped']);
  });

  it('asks for a connection whose ticks die more and more rarely, while its due time stands still', async () => {
    await feed.add('dies', {}, { attempts: 7 });
    await feed.dispatch();
    const early = feed.asked();
    feed.clock.nowMs += 8 * minuteMs;

    await feed.dispatch();

    expect([early, feed.asked()]).toStrictEqual([[], ['dies']]);
  });
});

describe('sweeps that share a budget', () => {
  const shared = { baseUrl: 'https://vendor.example', credentials: { apiKey: { ssm: '/ucf/key' } } };
  const names = ['a', 'b', 'c', 'd', 'e'];

  it('are two at once, those that have been due the longest first', async () => {
    for (const [at, name] of names.entries()) await feed.add(name, shared, { dueAt: instant(noonMs - at * minuteMs) });
    await feed.add('alone');

    await feed.dispatch();

    expect(feed.asked().sort()).toStrictEqual(['alone', 'd', 'e']);
  });

  it('begin where another has ended', async () => {
    for (const name of names) await feed.add(name, shared);
    await feed.dispatch();
    const first = feed.sent.splice(0);
    await feed.dispatch();
    const meanwhile = feed.asked();
    const [one] = first;

    await feed.store.leavePlace(one?.message.budget ?? '', one?.message.connectionId ?? connectionId(''));
    if (one) await feed.setState(one.message.connectionId, { dueAt: instant(noonMs + 15 * minuteMs) });
    await feed.dispatch();
    const next = feed.asked();

    expect([first.length, meanwhile.length, next.length]).toStrictEqual([2, 0, 1]);
    expect(first.map(({ message }) => message.connectionId)).not.toContain(next[0]);
  });

  it('are never more than two, whichever dispatcher was faster', async () => {
    for (const name of names) await feed.add(name, shared);

    await Promise.all([feed.dispatch(), feed.dispatch(), feed.dispatch()]);

    expect(new Set(feed.asked()).size).toBe(2);
  });

  it('do not share one with those of another credential, address or vendor', async () => {
    await feed.add('a', shared);
    await feed.add('b', shared);
    await feed.add('c', { ...shared, credentials: { apiKey: { ssm: '/ucf/other' } } });
    await feed.add('d', { ...shared, baseUrl: 'https://other.example' });
    await feed.add('e', { ...shared, vendor: 'leen' });

    await feed.dispatch();

    expect(new Set(feed.sent.map(({ message }) => message.budget)).size).toBe(4);
    expect(feed.asked()).toHaveLength(5);
  });
});
