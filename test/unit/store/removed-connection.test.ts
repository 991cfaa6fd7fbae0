import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { holdBefore, loseAnswer, startTestTable, type TestStore, type TestTable } from '../../support/test-table.ts';
import { aHold } from './sample-hold.ts';
import { aConnection, all, aState, askAt, leaseMs, noon, timesFrom } from './sample-log.ts';
import { saveNewConnection, type Taken, takeLease } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** Where a connection stood when it was removed. */
const removed: ConnectionState = aState({
  epoch: 3,
  position: 41,
  sequence: 17,
  lastEvent: { position: 40, at: noon },
  layout: { id: '41-2', bits: 3 },
  counts: { pairs: 9, live: 8, tombstones: 1 },
  holds: [aHold('hold-1')],
  recent: [{ hour: noon, lastAt: noon, deleted: 1, created: 0, status_changed: 0, updated: 0 }],
  removedAt: noon,
  dueAt: instant(0),
});
const { removedAt: _, ...kept } = removed;

async function removeConnection(attempts = 1): Promise<TestStore> {
  const worker = table.open({ attempts });
  await saveNewConnection(worker);
  const { lease } = await takeLease(worker);
  await worker.store.releaseLease(lease, removed);
  await worker.store.deleteConnection(worker.id);
  worker.wire.reset();
  return worker;
}

/** A worker who has removed a connection and still has its lease. */
async function beginRemoval(): Promise<TestStore & Taken> {
  const worker = table.open();
  await saveNewConnection(worker);
  const taken = await takeLease(worker, askAt(0));
  await worker.store.saveState(taken.lease, removed);
  return { ...worker, ...taken };
}

const save = ({ store, id }: TestStore, nowMs: number) => store.saveConnection(aConnection(id), () => 'new', nowMs);

/** When a connection is due, by the index. */
async function dueTimes({ store, id }: TestStore) {
  const due = await all(store.dueConnections(Date.parse('2099-01-01T00:00:00.000Z')));
  return due.filter(({ connectionId }) => connectionId === id).map(({ dueAt }) => dueAt);
}

describe('deleteConnection', () => {
  it('takes the settings away and leaves the state', async () => {
    const worker = table.open();
    await saveNewConnection(worker, 5);

    await worker.store.deleteConnection(worker.id);
    await worker.store.deleteConnection(worker.id);

    expect(await worker.store.readConnection(worker.id)).toBeUndefined();
    expect(await worker.store.readState(worker.id)).toStrictEqual(aState(timesFrom(5)));
  });
});

describe('dueConnections', () => {
  it('leaves a connection out from the moment it is removed', async () => {
    const worker = await beginRemoval();

    const whileHeld = await dueTimes(worker);
    await worker.store.releaseLease(worker.lease, removed);

    expect(whileHeld).toStrictEqual([]);
    expect(await dueTimes(worker)).toStrictEqual([]);
  });

  it('leaves a removed connection out whose lease was taken and given back', async () => {
    const worker = await removeConnection();
    const { lease, state } = await takeLease(worker, askAt(1));

    const whileHeld = await dueTimes(worker);
    await worker.store.releaseLease(lease, state);

    expect(state.removedAt).toBe(noon);
    expect([whileHeld, await dueTimes(worker)]).toStrictEqual([[], []]);
  });
});

describe('saveConnection', () => {
  it('lets a removed connection go on where it stood, due at once', async () => {
    const worker = await removeConnection();

    await save(worker, 7_000);

    expect(await worker.store.readConnection(worker.id)).toStrictEqual(aConnection(worker.id));
    expect(await worker.store.readState(worker.id)).toStrictEqual({ ...kept, ...timesFrom(7_000) });
    expect(await dueTimes(worker)).toStrictEqual([instant(7_000)]);
  });

  it('does so once: a second save leaves what the first sweep did', async () => {
    const worker = await removeConnection();
    await save(worker, 7_000);
    const { lease, state } = await takeLease(worker, askAt(8_000));
    await worker.store.releaseLease(lease, { ...state, position: 42, dueAt: noon });

    await save(worker, 9_000);

    expect(await worker.store.readState(worker.id)).toMatchObject({ position: 42, dueAt: noon });
    expect(await dueTimes(worker)).toStrictEqual([noon]);
  });

  it('makes up for a crash after the settings when it is repeated', async () => {
    const worker = await removeConnection();
    worker.wire.tap((call, carryOut) =>
      call.operation === 'UpdateItem' ? Promise.reject(new Error('killed')) : carryOut(),
    );
    await save(worker, 7_000).catch(() => undefined);

    await save(table.open({ id: worker.id }), 8_000);

    expect(await dueTimes(worker)).toStrictEqual([instant(8_000)]);
  });

  it('holds when the answer got lost and the client asked again', async () => {
    const worker = await removeConnection(2);
    worker.wire.tap(loseAnswer('UpdateItem'));

    await save(worker, 7_000);

    expect(await dueTimes(worker)).toStrictEqual([instant(7_000)]);
  });

  it('gives the next lease from nobody, under a token of its own', async () => {
    const worker = await removeConnection();
    await save(worker, 7_000);

    const { lease, tookOver } = await takeLease(worker, askAt(8_000));

    expect({ token: lease.token, tookOver }).toStrictEqual({ token: 3, tookOver: false });
  });

  it('refuses while a worker is still removing the connection, whose lease and state stay', async () => {
    const worker = await beginRemoval();

    const saving = save(worker, leaseMs - 1);

    await expect(saving).rejects.toMatchObject({
      code: 'store.conflict',
      context: { item: `connection#${worker.id} state` },
    });
    expect(await worker.store.readState(worker.id)).toStrictEqual(removed);
    await worker.store.releaseLease(worker.lease, removed);
    await save(worker, leaseMs - 1);
    expect(await dueTimes(worker)).toStrictEqual([instant(leaseMs - 1)]);
  });

  it('refuses when a worker takes the lease of the removed connection at the last moment', async () => {
    const worker = await removeConnection();
    const { tap, reached, goOn } = holdBefore('UpdateItem');
    worker.wire.tap(tap);
    const saving = save(worker, 7_000).catch((error: unknown) => error);
    await reached;
    const other = table.open({ id: worker.id });
    const { lease, state } = await takeLease(other, askAt(7_000));
    goOn();

    expect(await saving).toMatchObject({ code: 'store.conflict' });
    await other.store.releaseLease(lease, state);
    expect(await other.store.readState(worker.id)).toStrictEqual({ ...removed, attempts: 1 });
  });

  it('leaves a connection alone that another save has revived, and a worker swept, in the meantime', async () => {
    const slow = await removeConnection();
    const { tap, reached, goOn } = holdBefore('UpdateItem');
    slow.wire.tap(tap);
    const saving = save(slow, 7_000);
    await reached;
    const quick = table.open({ id: slow.id });
    await save(quick, 6_000);
    const { lease, state } = await takeLease(quick, askAt(6_001));
    await quick.store.releaseLease(lease, { ...state, position: 42, dueAt: noon });
    goOn();

    await saving;

    expect(await quick.store.readState(slow.id)).toMatchObject({ position: 42, dueAt: noon });
    expect(await dueTimes(quick)).toStrictEqual([noon]);
  });

  it('revives a connection whose worker died over its removal, and fences that worker off', async () => {
    const worker = await beginRemoval();

    await save(worker, leaseMs);

    const late = worker.store.releaseLease(worker.lease, removed);
    await expect(late).rejects.toMatchObject({ code: 'sweep.lease_lost' });
    expect(await dueTimes(worker)).toStrictEqual([instant(leaseMs)]);
    const next = await takeLease(worker, askAt(leaseMs + 1));
    expect({ token: next.lease.token, tookOver: next.tookOver }).toStrictEqual({ token: 3, tookOver: true });
  });
});
