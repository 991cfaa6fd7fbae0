import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { settingsKey, stateKey } from '../../../src/store/keys.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { change, keyA, pair, readable } from './index-pairs.ts';
import { aConnection, all, aState, askAt, noon, timesFrom } from './sample-log.ts';
import { saveNewConnection, takeLease } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const farAway = Date.parse('2099-01-01T00:00:00.000Z');

describe('saveConnection', () => {
  it('keeps every setting as it is', async () => {
    const { store, id } = table.open();
    const connection = aConnection(id, {
      directoryId: 'the old host',
      credentials: { apiKey: { secretsManager: 'arn', field: 'key' }, token: { file: '/run/token' } },
      ignoredFields: ['title', 'vendorAttributes.admin'],
      options: { pageSize: 1, nested: { list: [1, 'two', null, { three: false }], empty: '', none: {} } },
    });

    await store.saveConnection(connection, () => 'key', farAway);

    expect(await store.readConnection(id)).toStrictEqual(connection);
  });

  it('makes a new connection due at once, with a key of its own', async () => {
    const { store, id } = table.open();

    await store.saveConnection(aConnection(id), () => 'a new key', farAway);

    expect(await store.readState(id)).toStrictEqual(aState({ digestKey: 'a new key', ...timesFrom(farAway) }));
  });

  it('makes a new connection an index that takes the pairs of its first sweep', async () => {
    const { store, id } = table.open();
    await store.saveConnection(aConnection(id), () => 'key', farAway);
    const { layout } = aState();

    await store.applyPairs(id, layout, [change(keyA, 'a', 1)], 1);

    expect(readable(await store.loadShards(id, layout))).toStrictEqual([[pair(keyA, 'a')]]);
  });

  it('makes a known connection with new settings due at once, and leaves the rest of its state and its lease alone', async () => {
    const worker = table.open();
    await saveNewConnection(worker, 0);
    const { lease } = await takeLease(worker, askAt(0));
    await worker.store.saveState(lease, aState({ position: 9, dueAt: instant(farAway) }));

    await worker.store.saveConnection(aConnection(worker.id, { everySeconds: 60 }), () => 'another key', farAway + 1);

    expect(await worker.store.readConnection(worker.id)).toMatchObject({ everySeconds: 60 });
    expect(await worker.store.readState(worker.id)).toMatchObject({ position: 9, dueAt: instant(farAway + 1) });
    expect(await worker.store.acquireLease(worker.id, askAt(1))).toStrictEqual({ kind: 'held' });
  });

  it('leaves the due time of a connection whose settings are saved again as they are', async () => {
    const worker = table.open();
    await saveNewConnection(worker, 0);
    const { lease } = await takeLease(worker, askAt(0));
    const state = aState({ dueAt: instant(farAway) });
    await worker.store.saveState(lease, state);

    await worker.store.saveConnection(aConnection(worker.id), () => 'another key', farAway + 1);

    expect(await worker.store.readState(worker.id)).toStrictEqual(state);
  });

  it('puts off a connection that is paused until it is looked at, whatever else is changed of it', async () => {
    const worker = table.open();
    await saveNewConnection(worker, 0);
    const { lease } = await takeLease(worker, askAt(0));
    const state = aState({ dueAt: instant(farAway) });
    await worker.store.saveState(lease, state);

    await worker.store.saveConnection(aConnection(worker.id, { paused: true }), () => 'another key', farAway + 1);

    expect(await worker.store.readState(worker.id)).toStrictEqual(state);
  });

  it('makes up for a crash between settings and state when it is repeated', async () => {
    const { store, id } = table.open();
    await store.saveConnection(aConnection(id), () => 'key', farAway);
    await table.raw.delete(stateKey(id));

    await store.saveConnection(aConnection(id), () => 'key', farAway);

    expect(await store.readState(id)).toStrictEqual(aState({ digestKey: 'key', ...timesFrom(farAway) }));
  });
});

describe('readConnection', () => {
  it('knows nothing of a connection that nobody saved', async () => {
    const { store, id } = table.open();

    expect(await store.readConnection(id)).toBeUndefined();
  });

  it('refuses settings it cannot read, and names the item', async () => {
    const { store, id } = table.open();
    await table.raw.put({ ...settingsKey(id), connection: { id, everySeconds: 'often' } });

    const reading = store.readConnection(id);

    await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
  });
});

describe('dueConnections', () => {
  it('answers those whose time has come, by rising due time', async () => {
    const dueAtMs = [5_000, 1_000, 10_001, 10_000, 3_000];
    const workers = dueAtMs.map(() => table.open());
    for (const [n, worker] of workers.entries()) await saveNewConnection(worker, dueAtMs[n]);

    const due = await all(table.open().store.dueConnections(10_000));

    expect(due).toStrictEqual(
      [1, 4, 0, 3].map((n) => ({ connectionId: workers[n]?.id, dueAt: instant(dueAtMs[n] ?? 0) })),
    );
  });

  it('goes by the due time of the last save', async () => {
    const worker = table.open();
    await saveNewConnection(worker, -1_000_000);
    const { lease, state } = await takeLease(worker);

    const before = await all(worker.store.dueConnections(-500_000));
    await worker.store.releaseLease(lease, { ...state, dueAt: noon });
    const after = await all(worker.store.dueConnections(-500_000));

    expect(before).toStrictEqual([{ connectionId: worker.id, dueAt: instant(-1_000_000) }]);
    expect(after).toStrictEqual([]);
  });

  it('keeps answering a connection whose tick died', async () => {
    const worker = table.open();
    await saveNewConnection(worker, -2_000_000);

    await takeLease(worker, askAt(0));

    expect(await all(worker.store.dueConnections(-1_500_000))).toHaveLength(1);
  });

  it('asks one query and reads nothing of those that are not due', async () => {
    for (let n = 0; n < 40; n += 1) await saveNewConnection(table.open(), farAway + n);
    const { store, wire } = table.open();

    const due = await all(store.dueConnections(-9_000_000));

    expect(due).toStrictEqual([]);
    expect(wire.calls.map(({ operation }) => operation)).toStrictEqual(['Query']);
    expect(wire.units.read).toBeLessThan(1);
  });
});
