import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedKeyDigest } from '../../../src/diff/digest.ts';
import { shardKey } from '../../../src/store/keys.ts';
import { holdBefore, loseAnswer, startTestTable, type Tap, type TestTable } from '../../support/test-table.ts';
import { change, four, keyA, keyB, keyC, openIndexed, pair, readable, shardItems, single } from './index-pairs.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('applyPairs', () => {
  it('puts, replaces and takes out pairs, sorted by key hash', async () => {
    const { store, id } = await openIndexed(table);
    await store.applyPairs(id, single, [change(keyC, 'c1', 1), change(keyA, 'a1', 1), change(keyB, 'b1', 1)], 1);

    await store.applyPairs(id, single, [change(keyB, null, 2), change(keyA, 'a2', 2)], 2);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a2'), pair(keyC, 'c1')]]);
  });

  it('lets the last of several changes of one pair win', async () => {
    const { store, id } = await openIndexed(table);

    await store.applyPairs(id, single, [change(keyA, 'a1', 1), change(keyA, null, 2), change(keyA, 'a3', 3)], 3);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a3')]]);
  });

  it('keeps the mark of a shared key hash', async () => {
    const { store, id } = await openIndexed(table);

    await store.applyPairs(id, single, [{ keyHash: keyA, digest: sharedKeyDigest, position: 1 }], 1);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[keyA + sharedKeyDigest]]);
  });

  it('changes nothing when it is repeated', async () => {
    const { store, id, wire } = await openIndexed(table);
    const changes = [change(keyA, 'a1', 1), change(keyB, 'b1', 2)];
    await store.applyPairs(id, single, changes, 2);
    wire.reset();

    await store.applyPairs(id, single, changes, 2);

    expect(wire.calls.map(({ operation }) => operation)).toStrictEqual(['GetItem']);
  });

  it('changes nothing where the shard is already further', async () => {
    const { store, id } = await openIndexed(table);
    await store.applyPairs(id, single, [change(keyA, 'a5', 5)], 5);

    await store.applyPairs(id, single, [change(keyA, 'a3', 3), change(keyB, 'b4', 4)], 4);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a5')]]);
  });

  it('applies of a group what the shard does not reflect yet, and no more', async () => {
    const { store, id } = await openIndexed(table);
    await store.applyPairs(id, single, [change(keyA, 'a5', 5)], 5);

    const group = [change(keyA, 'a4', 4), change(keyB, 'b5', 5), change(keyC, 'c6', 6)];
    await store.applyPairs(id, single, group, 6);

    // The shard stood at 5: whatever a batch up to there does to it has been done to it.
    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a5'), pair(keyC, 'c6')]]);
  });

  it('cuts pairs into shards by their leading bits', async () => {
    const { store, id } = await openIndexed(table);

    await store.applyPairs(id, four, [change(keyA, 'a', 1), change(keyB, 'b', 1), change(keyC, 'c', 1)], 1);

    expect(readable(await store.loadShards(id, four))).toStrictEqual([
      [pair(keyA, 'a')],
      [pair(keyB, 'b')],
      [],
      [pair(keyC, 'c')],
    ]);
  });

  it('remembers the position of a shard that nobody is in any more', async () => {
    const { store, id } = await openIndexed(table);
    await store.applyPairs(id, single, [change(keyA, 'a1', 1)], 1);
    await store.applyPairs(id, single, [change(keyA, null, 2)], 2);

    await store.applyPairs(id, single, [change(keyA, 'a1', 1)], 1);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[]]);
    expect(await shardItems(table, id, single)).toMatchObject([{ position: 2 }]);
  });

  it('makes no shard that is not there: it was lost, and held more than a late worker knows', async () => {
    const { store, id } = await openIndexed(table);
    await store.applyPairs(id, single, [change(keyA, 'a1', 1), change(keyB, 'b1', 1)], 1);
    await table.raw.delete(shardKey(id, single.id, 0));

    await store.applyPairs(id, single, [change(keyA, 'a1', 1), change(keyC, 'c1', 1)], 1);

    expect(await shardItems(table, id, single)).toStrictEqual([]);
  });

  it.each([
    { what: 'into a shard with somebody in it', before: [change(keyA, 'a1', 1)] },
    { what: 'into an empty shard', before: [] },
  ])('never puts an old digest back $what, however late it writes', async ({ before }) => {
    const quick = await openIndexed(table);
    if (before.length > 0) await quick.store.applyPairs(quick.id, single, before, 1);
    const slow = await openIndexed(table, { id: quick.id });
    const { tap, reached, goOn } = holdBefore('PutItem');
    slow.wire.tap(tap);
    const late = slow.store.applyPairs(quick.id, single, [change(keyA, 'a2', 2)], 2);
    await reached;
    await quick.store.applyPairs(quick.id, single, [change(keyA, 'a2', 2)], 2);
    await quick.store.applyPairs(quick.id, single, [change(keyA, 'a3', 3), change(keyB, 'b3', 3)], 3);
    goOn();

    await late;

    expect(readable(await quick.store.loadShards(quick.id, single))).toStrictEqual([
      [pair(keyA, 'a3'), pair(keyB, 'b3')],
    ]);
    expect(await shardItems(table, quick.id, single)).toMatchObject([{ position: 3 }]);
  });

  it('brings its own newer changes in after another has written in between', async () => {
    const first = await openIndexed(table);
    const { tap, reached, goOn } = holdBefore('PutItem');
    first.wire.tap(tap);
    const ahead = first.store.applyPairs(first.id, single, [change(keyA, 'a1', 1), change(keyB, 'b2', 2)], 2);
    await reached;
    const behind = await openIndexed(table, { id: first.id });
    await behind.store.applyPairs(first.id, single, [change(keyA, 'a1', 1)], 1);
    goOn();

    await ahead;

    expect(readable(await behind.store.loadShards(first.id, single))).toStrictEqual([
      [pair(keyA, 'a1'), pair(keyB, 'b2')],
    ]);
  });

  it('holds when the answer got lost and the client asked again', async () => {
    const { store, id, wire } = await openIndexed(table, { attempts: 2 });
    wire.tap(loseAnswer('PutItem'));

    await store.applyPairs(id, single, [change(keyA, 'a1', 1)], 1);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a1')]]);
  });

  it('gives up on a shard that changes under every one of its writes', async () => {
    const { store, id, wire } = await openIndexed(table);
    const other = await openIndexed(table, { id });
    let position = 0;
    const overtake: Tap = async (call, carryOut) => {
      position += 1;
      if (call.operation === 'PutItem')
        await other.store.applyPairs(id, single, [change(keyB, 'b', position)], position);
      return carryOut();
    };
    wire.tap(overtake);

    const applying = store.applyPairs(id, single, [change(keyA, 'a', 1_000)], 1_000);

    await expect(applying).rejects.toMatchObject({ code: 'store.conflict', context: { item: 'shard#00000000' } });
  });

  it('reads strongly consistent before it writes', async () => {
    const { store, id, wire } = await openIndexed(table);

    await store.applyPairs(id, single, [change(keyA, 'a', 1)], 1);

    expect(wire.calls[0]?.input.ConsistentRead).toBe(true);
  });
});
