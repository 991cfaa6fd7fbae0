import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdBefore, loseAnswer, startTestTable, type TestStore, type TestTable } from '../../support/test-table.ts';
import { aState, askAt, leaseMs, timesFrom } from './sample-log.ts';
import { saveNewConnection, takeLease } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** A connection that has never been swept, and a worker who may. */
async function openNewConnection(attempts = 1): Promise<TestStore> {
  const worker = table.open({ attempts });
  await saveNewConnection(worker);
  return worker;
}

describe('acquireLease', () => {
  it('knows nothing of a connection that nobody saved', async () => {
    const { store, id } = table.open();

    const answer = await store.acquireLease(id, askAt(0));

    expect(answer).toStrictEqual({ kind: 'unknown_connection' });
  });

  it('takes a free lease with the first token, and counts the attempt', async () => {
    const { store, id } = await openNewConnection();

    const answer = await store.acquireLease(id, askAt(1_000));

    expect(answer).toStrictEqual({
      kind: 'taken',
      lease: { connectionId: id, token: 1, holder: 'worker', expiresAtMs: 1_000 + leaseMs },
      state: aState({ ...timesFrom(0), attempts: 1 }),
      tookOver: false,
    });
    expect(await store.readState(id)).toStrictEqual(aState({ ...timesFrom(0), attempts: 1 }));
  });

  it('leaves a running lease alone until its last millisecond', async () => {
    const { store, id } = await openNewConnection();
    await store.acquireLease(id, askAt(0));

    const answer = await store.acquireLease(id, askAt(leaseMs - 1, { holder: 'another' }));

    expect(answer).toStrictEqual({ kind: 'held' });
  });

  it('takes an expired lease over with a higher token', async () => {
    const worker = await openNewConnection();
    await takeLease(worker, askAt(0));

    const { lease, tookOver } = await takeLease(worker, askAt(leaseMs, { holder: 'another' }));

    expect({ token: lease.token, holder: lease.holder, tookOver }).toStrictEqual({
      token: 2,
      holder: 'another',
      tookOver: true,
    });
  });

  it('takes a lease that was given back over from nobody', async () => {
    const worker = await openNewConnection();
    const { lease, state } = await takeLease(worker);
    await worker.store.releaseLease(lease, state);

    const next = await takeLease(worker, askAt(1));

    expect({ token: next.lease.token, tookOver: next.tookOver }).toStrictEqual({ token: 2, tookOver: false });
  });

  it('takes an abandoned lease over at once', async () => {
    const worker = await openNewConnection();
    const { lease } = await takeLease(worker, askAt(0));
    await worker.store.abandonLease(lease, 5);

    const next = await takeLease(worker, askAt(5, { holder: 'another' }));

    expect({ token: next.lease.token, tookOver: next.tookOver }).toStrictEqual({ token: 2, tookOver: true });
  });

  it('takes the running lease of another holder over where it owns all leases', async () => {
    const worker = await openNewConnection();
    await takeLease(worker, askAt(0, { holder: 'a process that died' }));

    const next = await takeLease(worker, askAt(1, { ownsAllLeases: true }));

    expect({ token: next.lease.token, tookOver: next.tookOver }).toStrictEqual({ token: 2, tookOver: true });
  });

  it('leaves its own running lease alone even where it owns all leases', async () => {
    const { store, id } = await openNewConnection();
    await store.acquireLease(id, askAt(0, { ownsAllLeases: true }));

    const answer = await store.acquireLease(id, askAt(1, { ownsAllLeases: true }));

    expect(answer).toStrictEqual({ kind: 'held' });
  });

  it('raises the token with every lease and counts attempts until somebody clears them', async () => {
    const worker = await openNewConnection();
    const seen: { token: number; attempts: number }[] = [];

    for (let round = 0; round < 4; round += 1) {
      const { lease, state } = await takeLease(worker, askAt(round * leaseMs));
      seen.push({ token: lease.token, attempts: state.attempts });
      if (round === 2) await worker.store.releaseLease(lease, { ...state, attempts: 0 });
    }

    expect(seen).toStrictEqual([
      { token: 1, attempts: 1 },
      { token: 2, attempts: 2 },
      { token: 3, attempts: 3 },
      { token: 4, attempts: 1 },
    ]);
  });

  it('answers held to a worker who read before another took the lease', async () => {
    const slow = await openNewConnection();
    const { tap, reached, goOn } = holdBefore('PutItem');
    slow.wire.tap(tap);
    const late = slow.store.acquireLease(slow.id, askAt(0, { holder: 'slow' }));
    await reached;
    const quick = table.open({ id: slow.id });
    const taken = await quick.store.acquireLease(slow.id, askAt(0, { holder: 'quick' }));
    goOn();

    const answer = await late;

    expect(answer).toStrictEqual({ kind: 'held' });
    expect(taken).toMatchObject({ kind: 'taken', lease: { token: 1, holder: 'quick' } });
  });

  it.each([{ workers: 2 }, { workers: 8 }])(
    'gives one lease to $workers workers who ask at once',
    async ({ workers }) => {
      const { id } = await openNewConnection();
      const askers = Array.from({ length: workers }, () => table.open({ id }));

      const answers = await Promise.all(
        askers.map(({ store }, n) => store.acquireLease(id, askAt(0, { holder: `worker ${n}` }))),
      );

      const kinds = answers.map(({ kind }) => kind).sort();
      expect(kinds).toStrictEqual([...Array(workers - 1).fill('held'), 'taken']);
    },
  );

  it('gives an expired lease to one of those who want to take it over', async () => {
    const worker = await openNewConnection();
    await takeLease(worker, askAt(0));
    const askers = Array.from({ length: 4 }, () => table.open({ id: worker.id }));

    const answers = await Promise.all(
      askers.map(({ store }, n) => store.acquireLease(worker.id, askAt(leaseMs, { holder: `worker ${n}` }))),
    );

    expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
  });

  it('takes the lease although the answer to taking it got lost', async () => {
    const worker = await openNewConnection(2);
    worker.wire.tap(loseAnswer('PutItem'));

    const answer = await worker.store.acquireLease(worker.id, askAt(0));

    expect(answer).toMatchObject({ kind: 'taken', lease: { token: 1 } });
  });
});
