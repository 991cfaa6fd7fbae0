import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, sweepId } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import { noCounts } from '../../../../src/sweep/sweep-report.ts';
import { dispatchUnderTest, minuteMs, noonMs } from '../../../support/dispatch-under-test.ts';
import { startTestTable, type TestTable } from '../../../support/test-table.ts';

let table: TestTable;
let feed: ReturnType<typeof dispatchUnderTest>;

beforeEach(async () => {
  table = await startTestTable();
  feed = dispatchUnderTest(table);
});
afterEach(() => table.close());

const notDue = { dueAt: instant(noonMs + 600 * minuteMs) };
const completeAt = (minutes: number) => ({
  lastComplete: { sweepId: sweepId('s'), startedAt: instant(noonMs + minutes * minuteMs), directory: 'd', scope: '{}' },
});

async function leaveReport(id: ConnectionId, code: string) {
  await feed.store.writeReport({
    connectionId: id,
    vendor: 'openproject',
    sweepId: sweepId('2'),
    mode: 'full',
    purpose: 'live',
    outcome: 'failed',
    startedAt: instant(noonMs),
    endedAt: instant(noonMs),
    counts: noCounts,
    evidence: {} as never,
    deniedBy: ['failed'] as never,
    ticks: 1,
    holds: [],
    failure: { code, message: 'the vendor said no' },
  });
}

describe('connection.failing', () => {
  it('is told once, with the reason of the last report, though nothing is due', async () => {
    const id = await feed.add('acme', {}, { ...notDue, ...completeAt(-10), failures: 3, watchAt: instant(noonMs) });
    await leaveReport(id, 'vendor.unauthorized');

    const report = await feed.dispatch();
    const [notice] = feed.published;
    await feed.setState('acme', { failures: 4, watchAt: instant(noonMs) });
    await feed.dispatch();

    expect(notice?.failing).toStrictEqual({
      since: instant(noonMs),
      epoch: 1,
      lastCompleteAt: instant(noonMs - 10 * minuteMs),
      reason: { code: 'vendor.unauthorized' },
      failures: 3,
    });
    expect([feed.told(), report.failing, report.stale]).toStrictEqual([['failing acme'], 1, 0]);
  });

  it('is not told after two failures', async () => {
    await feed.add('acme', {}, { ...notDue, failures: 2, watchAt: instant(noonMs) });

    await feed.dispatch();

    expect(feed.told()).toStrictEqual([]);
  });

  it('is told of ticks that die, from the state of a connection that is due', async () => {
    await feed.add('acme', {}, { attempts: 4 });

    await feed.dispatch();

    expect(feed.published).toMatchObject([{ failing: { reason: { code: 'ticks_died' } }, pending: ['failing'] }]);
  });

  it('is followed by connection.recovered once it is well, and may be told again under another id', async () => {
    await feed.add('acme', {}, { ...notDue, failures: 3, watchAt: instant(noonMs) });
    await feed.dispatch();
    feed.clock.nowMs += minuteMs;
    await feed.setState('acme', { failures: 0, ...completeAt(1), watchAt: instant(feed.clock.nowMs) });
    await feed.dispatch();
    const between = await feed.dispatch();
    feed.clock.nowMs += minuteMs;
    await feed.setState('acme', { failures: 3, watchAt: instant(feed.clock.nowMs) });

    await feed.dispatch();

    const since = feed.published.map((notice) => notice.failing?.since);
    expect(feed.told()).toStrictEqual(['failing acme', 'recovered acme', 'failing acme']);
    expect(since).toStrictEqual([instant(noonMs), instant(noonMs), instant(noonMs + 2 * minuteMs)]);
    expect(between.failing).toBe(0);
  });
});

describe('connection.stale', () => {
  it('is told when there was no complete sweep for more than three intervals, and not a moment earlier', async () => {
    await feed.add('acme', {}, { ...notDue, ...completeAt(0), watchAt: instant(noonMs + 45 * minuteMs) });
    feed.clock.nowMs = noonMs + 45 * minuteMs;
    await feed.dispatch();
    const early = feed.told();
    feed.clock.nowMs += 1_000;

    const report = await feed.dispatch();
    feed.clock.nowMs += minuteMs;
    await feed.dispatch();

    expect([early, feed.told()]).toStrictEqual([[], ['stale acme']]);
    expect([report.stale, report.oldestCompleteSeconds]).toStrictEqual([1, 2_701]);
  });

  it('is told of a connection that has never completed, counted from when it was made', async () => {
    await feed.add('acme', {}, notDue);
    await feed.dispatch();
    const early = feed.told();
    feed.clock.nowMs += 46 * minuteMs;

    await feed.dispatch();

    expect([early, feed.told()]).toStrictEqual([[], ['stale acme']]);
  });

  it('is told of no connection that is paused or in a maintenance window', async () => {
    await feed.add('paused', { paused: true }, notDue);
    await feed.add('closed', { maintenance: [{ from: '00:00', to: '23:59' }] }, notDue);
    feed.clock.nowMs += 60 * minuteMs;

    const report = await feed.dispatch();

    expect([feed.told(), report.stale]).toStrictEqual([[], 0]);
  });

  it('counts no more once its connection is paused', async () => {
    const id = await feed.add('acme', {}, notDue);
    feed.clock.nowMs += 46 * minuteMs;
    const before = await feed.dispatch();
    const connection = await feed.store.readConnection(id);
    if (connection) await feed.store.saveConnection({ ...connection, paused: true }, () => 'key', feed.clock.nowMs);
    feed.clock.nowMs += 60 * minuteMs;

    const after = await feed.dispatch();

    expect([before.stale, after.stale]).toStrictEqual([1, 0]);
  });
});

describe('a notice', () => {
  it('that could not be published is published later, as it was', async () => {
    await feed.add('acme', {}, { ...notDue, failures: 3, watchAt: instant(noonMs) });
    feed.bus.isMissing = true;
    await feed.dispatch();
    feed.bus.isMissing = false;
    feed.clock.nowMs += 5 * minuteMs;

    await feed.dispatch();
    await feed.dispatch();

    expect(feed.published).toMatchObject([{ failing: { since: instant(noonMs) }, pending: ['failing'] }]);
    expect(feed.faults).toHaveLength(1);
  });

  it('is the same event, whichever of two dispatchers publishes it', async () => {
    await feed.add('acme', {}, { ...notDue, failures: 3, watchAt: instant(noonMs) });

    await Promise.all([feed.dispatch(), feed.dispatch()]);
    await feed.dispatch();

    expect(new Set(feed.published.map((notice) => notice.failing?.since)).size).toBe(1);
    expect(feed.published.length).toBeLessThanOrEqual(2);
  });

  it('does not keep connections from being swept while the bus is missing', async () => {
    await feed.add('acme', {}, { failures: 3 });
    feed.bus.isMissing = true;

    await feed.dispatch();

    expect(feed.asked()).toStrictEqual(['acme']);
  });
});
