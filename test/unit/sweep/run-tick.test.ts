import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { leaseLost } from '../../../src/model/lease-lost.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { SweepPorts, SweepStore } from '../../../src/sweep/ports.ts';
import { republishAfterMs, runTick } from '../../../src/sweep/run-tick.ts';
import type { TickAsk } from '../../../src/sweep/tick.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { aUser, listOf, scriptedVendor } from '../../support/scripted-vendor.ts';
import { aBatch, all, anEventBatch, askAt, leaseMs } from '../store/sample-log.ts';

const id = connectionId('c');
const minuteMs = 60_000;
const start = Date.UTC(2026, 10, 23, 12);

type Given = {
  /** Over what a fresh connection's state says. */
  readonly state?: Partial<ConnectionState>;
  readonly store?: Partial<SweepStore>;
  readonly ports?: Partial<SweepPorts>;
};

/** A worker, a vendor with two users, and a connection of theirs that is due every quarter of an hour. */
async function aWorker({ state = {}, store: change = {}, ports: more = {} }: Given = {}) {
  const store = createMemoryStore((asked) => asked === id);
  const vendor = scriptedVendor([aUser('a'), aUser('b')], 1);
  const fresh = await store.acquireLease(id, askAt(0));
  if (fresh.kind !== 'taken') throw new Error(`the lease is ${fresh.kind}`);
  const before: ConnectionState = { ...fresh.state, attempts: 0, dueAt: instant(start), ...state };
  await store.releaseLease(fresh.lease, before);
  const clock = { nowMs: start };
  const republished: string[] = [];
  const ports: SweepPorts = {
    store: { ...store, ...change },
    republish: async (of, from) => void republished.push(`${of} ${from}`),
    readEpoch: async (known) => known,
    nowMs: () => clock.nowMs,
    newSweepId: (nowMs) => sweepId(`sweep-${nowMs}`),
    hashText: (text) => Buffer.from(text).toString('hex').slice(0, 64),
    ...more,
  };
  const list = listOf(vendor, id, () => clock.nowMs, { everySeconds: 900 });
  const ends = () => ({ deadlineMs: clock.nowMs + leaseMs / 2, leaseEndsAtMs: clock.nowMs + leaseMs });
  const tick = (ask: Partial<TickAsk> = {}) =>
    runTick(ports, list, { holder: 'worker', ownsAllLeases: false, ...ends(), ...ask });
  const stateNow = async () => (await store.readState(id)) as ConnectionState;
  return { store, vendor, clock, republished, list, ports, before, tick, state: stateNow };
}

const down = () => Promise.reject(new FeedError('store.unavailable', 'the table does not answer', { item: 'state' }));

describe('a tick of a connection', () => {
  it('that somebody else is sweeping does nothing', async () => {
    const { store, vendor, tick, state } = await aWorker();
    await store.acquireLease(id, askAt(start, { holder: 'another' }));

    expect(await tick()).toStrictEqual({ kind: 'busy' });
    expect([vendor.pagesServed, (await state()).attempts]).toStrictEqual([0, 1]);
  });

  it('that nobody knows says so', async () => {
    const { vendor, list, ports } = await aWorker();
    const ask = { holder: 'worker', ownsAllLeases: false, deadlineMs: start, leaseEndsAtMs: start };

    const result = await runTick(ports, { ...list, connectionId: connectionId('nobody') }, ask);

    expect([result, vendor.pagesServed]).toStrictEqual([{ kind: 'unknown' }, 0]);
  });

  it('that is removed asks for no page, gives its lease back, and counts as no attempt', async () => {
    const removed = { removedAt: instant(start), removedBy: 'request', attempts: 2 };
    const { store, vendor, tick, state } = await aWorker({ state: removed });

    const result = await tick();

    expect([result, vendor.pagesServed, (await state()).attempts]).toStrictEqual([{ kind: 'removed' }, 0, 0]);
    expect(await store.acquireLease(id, askAt(start))).toMatchObject({ kind: 'taken', tookOver: false });
  });

  it('that sweeps leaves no attempt and no batch of its own but the commit', async () => {
    const { store, tick, state } = await aWorker();

    const result = await tick();

    expect(result).toMatchObject({ kind: 'swept', report: { outcome: 'baseline', counts: { seen: 2 } } });
    expect(result).not.toHaveProperty('publishFault');
    expect([(await state()).attempts, (await all(store.readLog(id, 0))).length]).toStrictEqual([0, 1]);
  });
});

describe('a tick that fails', () => {
  it('throws what it met, and leaves its lease to be taken over at once', async () => {
    const { store, tick, state } = await aWorker({ store: { loadShards: down } });

    await expect(tick()).rejects.toMatchObject({ code: 'store.unavailable' });
    expect((await state()).attempts).toBe(1);
    expect(await store.acquireLease(id, askAt(start))).toMatchObject({ kind: 'taken', tookOver: true });
  });

  it('throws what it met first where its lease cannot be given up either', async () => {
    const lost = () => Promise.reject(new Error('the lease cannot be written'));
    const { tick } = await aWorker({ store: { loadShards: down, abandonLease: lost } });

    await expect(tick()).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  it('because somebody has taken the connection over stops quietly', async () => {
    const { tick } = await aWorker({ store: { loadShards: () => Promise.reject(leaseLost(id)) } });

    expect(await tick()).toStrictEqual({ kind: 'busy' });
  });

  it('is followed by one that begins with an empty batch and clears away what was left', async () => {
    const { store, clock, ports, list, tick } = await aWorker();
    await runTick({ ...ports, store: { ...store, loadShards: down } }, list, {
      holder: 'dying',
      ownsAllLeases: false,
      deadlineMs: start,
      leaseEndsAtMs: start,
    }).catch(() => undefined);
    await store.writeBlob(id, '000000000001/left behind', Uint8Array.of(1));
    clock.nowMs += minuteMs;

    const result = await tick();

    const log = await all(store.readLog(id, 0));
    expect(result.kind).toBe('swept');
    expect(log.map(({ position, sweep }) => [position, sweep === undefined])).toStrictEqual([
      [1, true],
      [2, false],
    ]);
    expect([...store.blobs.keys()].filter((name) => name.endsWith('behind'))).toStrictEqual([]);
  });
});

describe('a message about a sweep', () => {
  const other = { sweepId: sweepId('other'), tick: 2 };

  it.each<[string, Partial<TickAsk>]>([
    ['for a due time that has passed', { dueAt: instant(start - 1) }],
    ['about a sweep of which nothing is left', { continues: other }],
    ['about a sweep of which nothing is left, for the present due time', { continues: other, dueAt: instant(start) }],
  ])('%s asks for no page, and counts neither for nor against the connection', async (_, ask) => {
    const { store, vendor, before, tick, state } = await aWorker({ state: { attempts: 2 } });

    expect([await tick(ask), vendor.pagesServed]).toStrictEqual([{ kind: 'stale' }, 0]);
    expect(await state()).toStrictEqual(before);
    expect(await store.acquireLease(id, askAt(start))).toMatchObject({ kind: 'taken', tookOver: false });
  });

  it.each<[string, Partial<TickAsk>, string]>([
    ['about its next tick goes on, whatever was due', { dueAt: instant(start - 1) }, 'swept'],
    ['about an earlier tick of it is stale', { continues: { sweepId: sweepId(`sweep-${start}`), tick: 1 } }, 'stale'],
    ['about another sweep is stale', { continues: other }, 'stale'],
  ])('that is under way %s', async (_, ask, kind) => {
    const { clock, vendor, tick } = await aWorker();
    vendor.traps.beforePage = () => {
      clock.nowMs += leaseMs;
    };
    const suspended = await tick();
    vendor.traps = {};
    const { continues } = (suspended as { readonly next: Pick<TickAsk, 'continues'> }).next;

    expect(await tick({ ...(continues && { continues }), ...ask })).toMatchObject({ kind });
  });
});

describe('a connection whose ticks keep dying', () => {
  it('is swept as it was due up to the third time', async () => {
    const { tick, state } = await aWorker({ state: { attempts: 2, fullDueAt: instant(start + 1) } });

    await tick({ deadlineMs: start - 1 });

    expect(await state()).toMatchObject({ attempts: 0, fullDueAt: expect.any(String) });
  });

  it.each([
    { attempts: 3, minutes: 15 },
    { attempts: 4, minutes: 30 },
    { attempts: 5, minutes: 60 },
  ])('is put off by $minutes minutes after $attempts deaths, and whoever watches sees it', async (given) => {
    const { attempts, minutes } = given;
    const fullDueAt = instant(start);
    const { tick, state } = await aWorker({ state: { attempts, fullDueAt }, store: { loadShards: down } });

    await tick().catch(() => undefined);

    const dueAt = instant(start + minutes * minuteMs);
    // What was due is due: the next tick that lives makes up for it.
    expect(await state()).toMatchObject({ attempts: attempts + 1, dueAt, fullDueAt, watchAt: instant(start) });
  });
});

describe('a sweep under way whose ticks keep dying', () => {
  it.each([
    ['starts over where it was still reading the list', 'walk', false],
    ['is finished where it had decided', 'commit', true],
  ])('%s', async (_, phase, isKept) => {
    const checkpoint = { phase, basis: { sweepId: 's' }, tick: 2 } as unknown as ConnectionState['checkpoint'];
    const given = { attempts: 3, ...(checkpoint && { checkpoint }) };
    const { tick, state } = await aWorker({ state: given, store: { loadShards: down } });

    await tick().catch(() => undefined);

    expect((await state()).checkpoint).toStrictEqual(isKept ? checkpoint : undefined);
  });
});

describe('what is not on the bus', () => {
  const oldMs = start - republishAfterMs;
  const publishFault = new FeedError('publish.unavailable', 'the bus does not answer', { busName: 'bus' });

  /** A worker of a connection whose log holds a fence and two batches with an event each, committed at a time. */
  async function aLog(committedAtMs: number, ports: Partial<SweepPorts> = {}) {
    const worker = await aWorker({ ports });
    const committedAt = instant(committedAtMs);
    await worker.store.appendBatch(aBatch(id, 1, { committedAt: instant(0) }));
    for (const position of [2, 3]) await worker.store.appendBatch(anEventBatch(id, position, { committedAt }));
    return worker;
  }

  it.each([
    { what: 'is published', when: 'for five minutes', committedAtMs: oldMs, count: 1 },
    { what: 'is left to the stream', when: 'for less than that', committedAtMs: oldMs + 1, count: 0 },
  ])('$when $what', async ({ committedAtMs, count }) => {
    const { republished, tick } = await aLog(committedAtMs);

    await tick();

    expect(republished).toStrictEqual(Array(count).fill(`c ${instant(committedAtMs)}`));
  });

  it.each([
    ['nothing', 3, 0],
    ['the last batch', 2, 1],
  ])('is %s', async (_, published, count) => {
    const { store, republished, tick } = await aLog(oldMs);
    await store.advancePublished(id, published);

    await tick();

    expect(republished).toHaveLength(count);
  });

  it('is not looked for where everything is', async () => {
    const reads: number[] = [];
    const { store, ports, list } = await aLog(oldMs);
    await store.advancePublished(id, 3);
    const readLog: SweepStore['readLog'] = (of, after) => {
      reads.push(after);
      return store.readLog(of, after);
    };
    const ends = { deadlineMs: start + leaseMs / 2, leaseEndsAtMs: start + leaseMs };

    await runTick({ ...ports, store: { ...store, readLog } }, list, { holder: 'w', ownsAllLeases: false, ...ends });

    expect(reads).toStrictEqual([0]);
  });

  it('cannot be published either, which is told and no reason not to sweep', async () => {
    const { tick } = await aLog(oldMs, { republish: () => Promise.reject(publishFault) });

    expect(await tick()).toMatchObject({ kind: 'swept', publishFault });
  });

  it('is told of a sweep that has ended, not of one that goes on', async () => {
    const { tick } = await aLog(oldMs, { republish: () => Promise.reject(publishFault) });

    const result = await tick({ deadlineMs: start - 1 });

    expect([result.kind, 'publishFault' in result]).toStrictEqual(['suspended', false]);
  });

  it.each<[string, Error]>([
    ['a fault of the store', new FeedError('store.unavailable', 'the table does not answer', { item: 'log' })],
    ['a fault that nobody knows', new Error('publish.what')],
  ])('ends the tick with %s', async (_, fault) => {
    const { vendor, tick } = await aLog(oldMs, { republish: () => Promise.reject(fault) });

    await expect(tick()).rejects.toBe(fault);
    expect(vendor.pagesServed).toBe(0);
  });
});
