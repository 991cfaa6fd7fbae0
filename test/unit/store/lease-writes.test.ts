import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { stateKey } from '../../../src/store/keys.ts';
import { holdBefore, loseAnswer, startTestTable, type TestStore, type TestTable } from '../../support/test-table.ts';
import { aHold } from './sample-hold.ts';
import { aState, askAt, leaseMs, noon } from './sample-log.ts';
import { saveNewConnection, takeLease } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

async function openNewConnection(attempts = 1): Promise<TestStore> {
  const worker = table.open({ attempts });
  await saveNewConnection(worker);
  return worker;
}

/** A worker whose lease expired under him, and who does not know it. */
async function loseLease(worker: TestStore) {
  const old = await takeLease(worker, askAt(0, { holder: 'old' }));
  const present = await takeLease(worker, askAt(leaseMs, { holder: 'present' }));
  return { old, present };
}

/** A state with everything in it that a state can hold. */
const fullState = aState({
  epoch: 3,
  position: 987_654_321_012,
  sequence: 4_711,
  lastEvent: { position: 987_654_321_000, at: noon },
  layout: { id: '17-42-5', bits: 5 },
  counts: { pairs: 1_000_000, live: 999_999, tombstones: 12 },
  lastComplete: { sweepId: sweepId('sweep-9'), startedAt: noon, directory: 'ümläut / "quoted" 🦊', scope: '{}' },
  absent: { sweepId: sweepId('sweep-9'), count: 2_001, blob: 'absent#sweep-9' },
  holds: [aHold('hold-1', { fields: ['title', 'vendorAttributes.admin'], members: 'hold#hold-1' })],
  acknowledged: ['status'],
  recent: [{ hour: noon, lastAt: noon, deleted: 1, created: 2, status_changed: 3, updated: 4 }],
  delta: { since: noon, dueAt: noon, ignoredAt: noon },
  volatility: { sweeps: 3, fields: { 'vendorAttributes.üm.läut': 2 } },
  removedAt: noon,
  fullDueAt: noon,
  projectionVersion: 'projection-7',
  attempts: 2,
  failures: 1,
  dueAt: instant(Date.parse('2027-01-01T00:00:00.001Z')),
});

describe('saveState', () => {
  it('keeps every part of a state as it is', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker);

    await worker.store.saveState(lease, fullState);

    expect(await worker.store.readState(worker.id)).toStrictEqual(fullState);
  });

  it('takes parts away that the next state does not have', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker);
    await worker.store.saveState(lease, fullState);

    await worker.store.saveState(lease, aState());

    expect(await worker.store.readState(worker.id)).toStrictEqual(aState());
  });

  it('keeps the lease and its end', async () => {
    const worker = await openNewConnection();
    const { lease, state } = await takeLease(worker, askAt(0));

    await worker.store.saveState(lease, state);

    expect(await worker.store.acquireLease(worker.id, askAt(leaseMs - 1))).toStrictEqual({ kind: 'held' });
    expect(await worker.store.acquireLease(worker.id, askAt(leaseMs))).toMatchObject({ kind: 'taken', tookOver: true });
  });

  it('refuses a lease that was taken over, and changes nothing', async () => {
    const worker = await openNewConnection();
    const { old, present } = await loseLease(worker);
    await worker.store.saveState(present.lease, aState({ position: 7 }));

    const saving = worker.store.saveState(old.lease, aState({ position: 3 }));

    await expect(saving).rejects.toMatchObject({ code: 'sweep.lease_lost', context: { connectionId: worker.id } });
    expect(await worker.store.readState(worker.id)).toStrictEqual(aState({ position: 7 }));
  });

  it('refuses a lease that was given back and taken by another since', async () => {
    const worker = await openNewConnection();
    const first = await takeLease(worker);
    await worker.store.releaseLease(first.lease, first.state);
    await takeLease(worker, askAt(1, { holder: 'another' }));

    const saving = worker.store.saveState(first.lease, first.state);

    await expect(saving).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });

  it('refuses a write that was on its way while the lease was taken over', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker, askAt(0));
    const { tap, reached, goOn } = holdBefore('PutItem');
    worker.wire.tap(tap);
    const late = worker.store.saveState(lease, aState({ position: 3 }));
    await reached;
    await takeLease(table.open({ id: worker.id }), askAt(leaseMs));
    goOn();

    await expect(late).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });

  it('does not bring a removed connection back', async () => {
    const worker = await openNewConnection();
    const { lease, state } = await takeLease(worker);
    await table.raw.delete(stateKey(worker.id));

    const saving = worker.store.saveState(lease, state);

    await expect(saving).rejects.toMatchObject({ code: 'sweep.lease_lost' });
    expect(await worker.store.readState(worker.id)).toBeUndefined();
  });

  it('holds when the answer got lost and the client asked again', async () => {
    const worker = await openNewConnection(2);
    const { lease } = await takeLease(worker);
    worker.wire.tap(loseAnswer('PutItem'));

    await worker.store.saveState(lease, fullState);

    expect(await worker.store.readState(worker.id)).toStrictEqual(fullState);
  });

  it('refuses a lease that was given back', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker);
    await worker.store.releaseLease(lease, aState({ position: 7 }));

    await worker.store.saveState(lease, aState({ position: 3 })).catch(() => undefined);

    expect(await worker.store.readState(worker.id)).toStrictEqual(aState({ position: 7 }));
  });
});

describe('releaseLease', () => {
  it('saves the state with the lease it gives back', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker);

    await worker.store.releaseLease(lease, fullState);

    expect(await worker.store.readState(worker.id)).toStrictEqual(fullState);
    expect(await takeLease(worker, askAt(1))).toMatchObject({ tookOver: false });
  });

  it('refuses a lease that was taken over, and leaves the running one alone', async () => {
    const worker = await openNewConnection();
    const { old } = await loseLease(worker);

    const releasing = worker.store.releaseLease(old.lease, aState({ position: 3 }));

    await expect(releasing).rejects.toMatchObject({ code: 'sweep.lease_lost' });
    expect(await worker.store.acquireLease(worker.id, askAt(leaseMs))).toStrictEqual({ kind: 'held' });
  });

  it('holds when the answer got lost and the client asked again', async () => {
    const worker = await openNewConnection(2);
    const { lease } = await takeLease(worker);
    worker.wire.tap(loseAnswer('PutItem'));

    await worker.store.releaseLease(lease, fullState);

    expect(await takeLease(worker, askAt(1))).toMatchObject({ tookOver: false });
  });
});

describe('abandonLease', () => {
  it('leaves the state as it was', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker);
    await worker.store.saveState(lease, fullState);

    await worker.store.abandonLease(lease, 5);

    expect(await worker.store.readState(worker.id)).toStrictEqual(fullState);
  });

  it('leaves the lease of another alone', async () => {
    const worker = await openNewConnection();
    const { old } = await loseLease(worker);

    await worker.store.abandonLease(old.lease, leaseMs);

    expect(await worker.store.acquireLease(worker.id, askAt(leaseMs + 1))).toStrictEqual({ kind: 'held' });
  });

  it('does not bring a removed connection back', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker);
    await table.raw.delete(stateKey(worker.id));

    await worker.store.abandonLease(lease, 5);

    expect(await worker.store.readState(worker.id)).toBeUndefined();
  });
});

describe('readState', () => {
  it('knows no state of a connection that nobody saved', async () => {
    const { store, id } = table.open();

    expect(await store.readState(id)).toBeUndefined();
  });

  it('refuses a state it cannot read, and names the item', async () => {
    const worker = await openNewConnection();
    await table.raw.put({ ...stateKey(worker.id), leaseToken: 0, state: { epoch: 'one' } });

    const reading = worker.store.readState(worker.id);

    await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
  });
});
