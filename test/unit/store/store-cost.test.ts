import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldShard, recutShards } from '../../../src/diff/index-shard.ts';
import { applyBatches } from '../../../src/sweep/apply-log.ts';
import type { IndexLayout } from '../../../src/sweep/connection-state.ts';
import { loadIndex } from '../../../src/sweep/load-index.ts';
import { startTestTable, type TestStore, type TestTable } from '../../support/test-table.ts';
import { aBatch, anEntry, askAt, aUser, digestOf, noon, spreadKeyHash, update, withEvent } from './sample-log.ts';
import { saveNewConnection, takeLease } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** A connection whose index knows so many users; one of them, of 1 KB, has an entry. */
async function openConnection(count: number, bits: number): Promise<TestStore> {
  const worker = table.open();
  await saveNewConnection(worker);
  const { lease, state } = await takeLease(worker);
  const layout: IndexLayout = { id: 'layout', bits };
  const pairs = Array.from({ length: count }, (_, n) => ({
    keyHash: spreadKeyHash(n, count),
    digest: digestOf(`user ${n}`),
  }));
  await worker.store.writeLayout(worker.id, layout, recutShards([foldShard(new Uint8Array(), pairs)], bits), 0);
  await worker.store.writeEntries(worker.id, [userOfOneKilobyte(1)]);
  await worker.store.releaseLease(lease, { ...state, layout, counts: { pairs: count, live: count, tombstones: 0 } });
  worker.wire.reset();
  return worker;
}

const userOfOneKilobyte = (revision: number) =>
  anEntry('u', {
    keyHash: spreadKeyHash(0, 1),
    revision,
    user: aUser('u', { title: `Title ${revision}`, bio: 'b'.repeat(700) }),
  });

/** A whole sweep of the store that finds so many changes of one user, and its publication. */
async function sweepOnce({ store, id }: TestStore, changed: boolean): Promise<void> {
  const taken = await store.acquireLease(id, askAt(0));
  if (taken.kind !== 'taken') throw new Error(taken.kind);
  const loaded = await loadIndex(store, taken);
  let { state } = loaded;
  if (changed) {
    const entry = userOfOneKilobyte(2);
    const diff = { changedFields: ['title'] as const, before: { title: 'Title 1' } };
    const transition = withEvent(update('u', 2, entry), 1, { diff, window: { notBefore: noon, notAfter: noon } });
    const batch = aBatch(id, 1, { transitions: [transition], lastSequence: 1 });
    await store.readEntries(id, [entry]);
    await store.appendBatch(batch);
    state = await applyBatches(store, id, state, [batch]);
    await store.advancePublished(id, 1);
  }
  await store.releaseLease(taken.lease, state);
}

describe('the cost of a sweep', () => {
  it.each([
    { count: 1_000, bits: 4 },
    { count: 8_000, bits: 7 },
  ])('is two small writes and the shards alone when nothing changed among $count users', async ({ count, bits }) => {
    const worker = await openConnection(count, bits);

    await sweepOnce(worker, false);

    expect(worker.wire.calls.map(({ operation }) => operation)).toStrictEqual([
      'GetItem',
      'PutItem',
      'Query',
      'PutItem',
    ]);
    expect(worker.wire.units.write).toBe(2);
    // Sixteen bytes a user, a tenth more for the keys and names of the shards, and one read of the state.
    expect(worker.wire.units.read).toBeLessThan(2 + ((count * 16) / 4096) * 1.1);
  });

  it.each([
    { count: 1_000, bits: 4 },
    { count: 8_000, bits: 7 },
  ])('grows by a few writes when one user of 1 KB changed among $count', async ({ count, bits }) => {
    const worker = await openConnection(count, bits);

    await sweepOnce(worker, true);

    const written = worker.wire.calls.filter(({ operation }) => operation === 'PutItem');
    expect(written).toHaveLength(6);
    expect(worker.wire.units.write).toBeLessThanOrEqual(12);
  });
});
