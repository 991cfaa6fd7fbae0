import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedKeyDigest } from '../../../src/diff/digest.ts';
import type { DigestIndex } from '../../../src/diff/digest-index.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { shardKey } from '../../../src/store/keys.ts';
import type { IndexLayout, UserCounts } from '../../../src/sweep/connection-state.ts';
import { growIndex, loadIndex, pairsPerShard, rebuildIndex } from '../../../src/sweep/load-index.ts';
import type { Held } from '../../../src/sweep/take-lease.ts';
import { startTestTable, type Tap, type TestStore, type TestTable } from '../../support/test-table.ts';
import { makeLayout, shardItems } from '../store/index-pairs.ts';
import { anEntry, aState, askAt, digestOf, leaseMs, spreadKeyHash } from '../store/sample-log.ts';
import { saveNewConnection, takeLease } from '../store/take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const four: IndexLayout = { id: 'four', bits: 2 };
const position = 7;

type Pair = readonly [keyHash: string, digest: string];

/** A connection under a lease, with an index as the log left it at position 7. */
async function openHeld(layout: IndexLayout, pairs: readonly Pair[], counts: UserCounts) {
  const worker = table.open();
  await saveNewConnection(worker);
  const { lease, state: fresh } = await takeLease(worker, askAt(0));
  const state = { ...fresh, position, layout, counts };
  await worker.store.saveState(lease, state);
  const changes = pairs.map(([keyHash, digest]) => ({ keyHash, digest, position }));
  await makeLayout(worker.store, worker.id, layout);
  await worker.store.applyPairs(worker.id, layout, changes, position);
  worker.wire.reset();
  return { worker, held: { lease, state } satisfies Held };
}

const liveCounts = (count: number): UserCounts => ({ pairs: count, live: count, tombstones: 0 });
const pairsOf = (count: number): readonly Pair[] =>
  Array.from({ length: count }, (_, n) => [spreadKeyHash(n, count), digestOf(`user ${n}`)] as const);

/** A connection of a few users, entries included. */
async function openWithEntries(entries: readonly SnapshotEntry[], pairs: readonly Pair[], counts: UserCounts) {
  const opened = await openHeld(four, pairs, counts);
  await opened.worker.store.writeEntries(opened.worker.id, entries);
  opened.worker.wire.reset();
  return opened;
}

const hex = (text: string) => Buffer.from(text, 'hex');
const holds = (index: DigestIndex, [keyHash, digest]: Pair) => {
  const slot = index.find(hex(keyHash));
  return digest === sharedKeyDigest ? index.isShared(slot) : slot === index.findDigest(hex(digest));
};
const failAt = (operation: string, nth: number): Tap => {
  let seen = 0;
  return async (call, carryOut) => {
    if (call.operation === operation) seen += 1;
    if (seen === nth) throw new Error('the process has died');
    return carryOut();
  };
};

describe(loadIndex, () => {
  it('answers an empty index for a connection that has nobody', async () => {
    const { worker, held } = await openHeld({ id: '0', bits: 0 }, [], liveCounts(0));

    const { index, state } = await loadIndex(worker.store, held);

    expect(index.pairCount).toBe(0);
    expect(state).toBe(held.state);
  });

  it('reads the shards and nothing else, at sixteen bytes a user', async () => {
    const count = 3_000;
    const { worker, held } = await openHeld({ id: 'l', bits: 5 }, pairsOf(count), liveCounts(count));

    const { index, state } = await loadIndex(worker.store, held);

    expect(index.pairCount).toBe(count);
    expect(state).toBe(held.state);
    expect(worker.wire.calls.map(({ operation }) => operation)).toStrictEqual(['Query']);
    expect(worker.wire.units).toStrictEqual({ read: expect.any(Number), write: 0 });
    expect(worker.wire.units.read).toBeLessThan(((count * 16) / 4096) * 1.15);
  });

  it('answers an index that knows every pair and nobody else', async () => {
    const pairs = pairsOf(500);
    const { worker, held } = await openHeld(four, pairs, liveCounts(500));

    const { index } = await loadIndex(worker.store, held);

    expect(pairs.filter((pair) => !holds(index, pair))).toStrictEqual([]);
    expect(index.find(hex('0000000000000001'))).toBe(-1);
  });

  describe('where shards and state disagree', () => {
    const shared = '4000000000000000';
    const entries = [
      anEntry('live', { keyHash: '0000000000000001' }),
      anEntry('sharer', { keyHash: shared }),
      anEntry('other sharer', { keyHash: shared }),
      anEntry('left one behind', { keyHash: '4000000000000001' }),
      anEntry('left', { keyHash: '4000000000000001', presence: 'gone' }),
      anEntry('reported', { keyHash: '8000000000000000', presence: 'reported_deleted' }),
      anEntry('gone', { keyHash: 'ffffffffffffffff', presence: 'gone' }),
    ];
    const digestFor = (id: string) => entries.find(({ userId }) => userId === id)?.digest ?? '';
    const pairs: readonly Pair[] = [
      ['0000000000000001', digestFor('live')],
      [shared, sharedKeyDigest],
      ['4000000000000001', digestFor('left one behind')],
      ['8000000000000000', digestFor('reported')],
    ];
    const counts = { pairs: 4, live: 4, tombstones: 2 };

    it('has an index still when two operators ask for it anew in one tick', async () => {
      const { worker, held } = await openWithEntries(entries, pairs, counts);

      const once = await rebuildIndex(worker.store, held);
      const twice = await rebuildIndex(worker.store, { ...held, state: once.state });

      const { index, state } = await loadIndex(worker.store, { ...held, state: twice.state });
      expect(pairs.filter((pair) => !holds(index, pair))).toStrictEqual([]);
      expect(state).toBe(twice.state);
    });

    it.each<{ what: string; damage: (worker: TestStore) => Promise<unknown> }>([
      { what: 'one shard is lost', damage: ({ id }) => table.raw.delete(shardKey(id, 'four', 1)) },
      { what: 'all shards are lost', damage: ({ store, id }) => store.deleteLayout(id, four) },
      {
        what: 'there is a pair too many',
        damage: ({ store, id }) =>
          store.applyPairs(id, four, [{ keyHash: '1111111111111111', digest: digestOf('x'), position: 8 }], 8),
      },
    ])('makes the index again from the entries: $what', async ({ damage }) => {
      const { worker, held } = await openWithEntries(entries, pairs, counts);
      await damage(worker);

      const { index, state } = await loadIndex(worker.store, held);

      expect(index.pairCount).toBe(4);
      expect(pairs.filter((pair) => !holds(index, pair))).toStrictEqual([]);
      expect(index.isShared(index.find(hex(shared)))).toBe(true);
      expect(index.find(hex('ffffffffffffffff'))).toBe(-1);
      expect(state).toStrictEqual({ ...held.state, counts, layout: { id: '1-7-0', bits: 0 } });
      expect(await worker.store.readState(worker.id)).toStrictEqual(state);
      expect(await shardItems(table, worker.id, four)).toStrictEqual([]);
    });

    it('finds the same index again at the next load, without another look at the entries', async () => {
      const { worker, held } = await openWithEntries(entries, pairs, counts);
      await worker.store.deleteLayout(worker.id, four);
      const rebuilt = await loadIndex(worker.store, held);
      worker.wire.reset();

      const { index, state } = await loadIndex(worker.store, { ...held, state: rebuilt.state });

      expect(pairs.filter((pair) => !holds(index, pair))).toStrictEqual([]);
      expect(state).toBe(rebuilt.state);
      expect(worker.wire.calls).toHaveLength(1);
    });

    it('counts again where the state had lost count', async () => {
      const { worker, held } = await openWithEntries(entries, pairs, { pairs: 9, live: 0, tombstones: 5 });

      const { state } = await loadIndex(worker.store, held);

      expect(state.counts).toStrictEqual(counts);
    });

    it('makes shards that stand at the position of the state, so that a late worker changes nothing', async () => {
      const { worker, held } = await openWithEntries(entries, pairs, counts);
      await worker.store.deleteLayout(worker.id, four);
      const { state } = await loadIndex(worker.store, held);

      const late = { keyHash: '0000000000000001', digest: digestOf('old'), position };
      await worker.store.applyPairs(worker.id, state.layout, [late], position);

      const { index } = await loadIndex(worker.store, { ...held, state });
      expect(holds(index, pairs[0] ?? ['', ''])).toBe(true);
    });

    it('leaves the layout in force alone when the lease was lost meanwhile', async () => {
      const { worker, held } = await openWithEntries(entries, pairs, counts);
      await table.raw.delete(shardKey(worker.id, 'four', 1));
      const present = await takeLease(table.open({ id: worker.id }), askAt(leaseMs));

      const loading = loadIndex(worker.store, held);

      await expect(loading).rejects.toMatchObject({ code: 'sweep.lease_lost' });
      expect(await worker.store.readState(worker.id)).toStrictEqual(present.state);
      expect(await shardItems(table, worker.id, four)).toHaveLength(3);
    });
  });

  it('refuses a shard it cannot read instead of taking it for an empty one', async () => {
    const { worker, held } = await openHeld(four, pairsOf(8), liveCounts(8));
    await table.raw.put({ ...shardKey(worker.id, 'four', 1), number: 1, position, pairs: 'torn' });

    await expect(loadIndex(worker.store, held)).rejects.toMatchObject({ code: 'internal.invariant' });
  });
});

describe(growIndex, () => {
  const small: IndexLayout = { id: 'small', bits: 0 };
  const grown = (count: number) => openHeld(small, pairsOf(count), liveCounts(count));

  it('leaves an index alone that has room', async () => {
    const { worker, held } = await grown(pairsPerShard - 1);

    const state = await growIndex(worker.store, held, 1);

    expect(state).toBe(held.state);
    expect(worker.wire.calls).toStrictEqual([]);
  });

  it.each([
    { count: pairsPerShard, added: 1, bits: 1 },
    { count: 2_000, added: 0, bits: 5 },
    { count: 100, added: 20_000, bits: 8 },
  ])('cuts $count pairs into 2^$bits shards to make room for $added more', async ({ count, added, bits }) => {
    const { worker, held } = await grown(count);

    const state = await growIndex(worker.store, held, added);

    expect(state).toStrictEqual({ ...held.state, layout: { id: `1-7-${bits}`, bits } });
    expect(await worker.store.readState(worker.id)).toStrictEqual(state);
    const { index } = await loadIndex(worker.store, { ...held, state });
    expect(index.pairCount).toBe(count);
    expect(pairsOf(count).filter((pair) => !holds(index, pair))).toStrictEqual([]);
    expect(await shardItems(table, worker.id, small)).toStrictEqual([]);
  });

  it('writes the new layout, then the state, and deletes the old layout last', async () => {
    const { worker, held } = await grown(400);

    await growIndex(worker.store, held, 0);

    const operations = worker.wire.calls.map(({ operation }) => operation);
    const fourShards = Array.from({ length: 4 }, () => 'PutItem');
    expect(operations).toStrictEqual(['Query', ...fourShards, 'PutItem', 'BatchWriteItem']);
  });

  it.each([
    { what: 'while it writes the new layout', tap: () => failAt('PutItem', 2) },
    // After 64 shards.
    { what: 'before it flips the state', tap: () => failAt('PutItem', 65) },
  ])('leaves the old layout in force when it dies $what', async ({ tap }) => {
    const { worker, held } = await grown(4_000);
    worker.wire.tap(tap());

    await growIndex(worker.store, held, 0).catch(() => undefined);

    const next = table.open({ id: worker.id });
    const taken = await takeLease(next, askAt(leaseMs));
    expect(taken.state.layout).toStrictEqual(small);
    const { index } = await loadIndex(next.store, taken);
    expect(pairsOf(4_000).filter((pair) => !holds(index, pair))).toStrictEqual([]);
    const state = await growIndex(next.store, taken, 0);
    expect((await loadIndex(next.store, { ...taken, state })).index.pairCount).toBe(4_000);
  });

  it('has the new layout in force when it dies before it deletes the old one', async () => {
    const { worker, held } = await grown(400);
    worker.wire.tap(failAt('BatchWriteItem', 1));

    await growIndex(worker.store, held, 0).catch(() => undefined);

    const next = table.open({ id: worker.id });
    const taken = await takeLease(next, askAt(leaseMs));
    expect(taken.state.layout.bits).toBe(2);
    const { index } = await loadIndex(next.store, taken);
    expect(pairsOf(400).filter((pair) => !holds(index, pair))).toStrictEqual([]);
  });

  it('stops without deleting anything when the lease was lost meanwhile', async () => {
    const { worker, held } = await grown(400);
    await takeLease(table.open({ id: worker.id }), askAt(leaseMs));

    const growing = growIndex(worker.store, held, 0);

    await expect(growing).rejects.toMatchObject({ code: 'sweep.lease_lost' });
    expect(await shardItems(table, worker.id, small)).toHaveLength(1);
    expect(await worker.store.readState(worker.id)).toMatchObject({ layout: small });
  });

  it('grows an index of nobody for the users of a baseline', async () => {
    const { worker, held } = await openHeld({ id: '0', bits: 0 }, [], aState().counts);

    const state = await growIndex(worker.store, held, 1_000);

    expect(state.layout.bits).toBe(4);
    expect((await loadIndex(worker.store, { ...held, state })).index.pairCount).toBe(0);
  });
});
