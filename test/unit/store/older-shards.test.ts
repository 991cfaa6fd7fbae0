import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shardKey } from '../../../src/store/keys.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { change, four, keyB, openIndexed, pair, readable, shardItems } from './index-pairs.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** A shard as it was before pairs were packed. */
async function openWithOlderShard() {
  const worker = table.open();
  const pairs = new Uint8Array(Buffer.from(pair(keyB, 'b'), 'hex'));
  await table.raw.put({ ...shardKey(worker.id, four.id, 1), number: 1, position: 4, pairs });
  return worker;
}

describe('a shard of an older version', () => {
  it('is read', async () => {
    const { store, id } = await openWithOlderShard();

    expect(readable(await store.loadShards(id, four))).toStrictEqual([[], [pair(keyB, 'b')], [], []]);
  });

  it('is packed with its next change, and keeps the others of its pairs', async () => {
    const { store, id } = await openWithOlderShard();

    await store.applyPairs(id, four, [change('7ffffffffffffff0', 'new', 5)], 5);

    expect(readable(await store.loadShards(id, four))[1]).toStrictEqual([
      pair('7ffffffffffffff0', 'new'),
      pair(keyB, 'b'),
    ]);
    expect(await shardItems(table, id, four)).toStrictEqual([
      { ...shardKey(id, four.id, 1), position: 5, packed: expect.any(Uint8Array) },
    ]);
  });

  it('takes no change that it reflects already', async () => {
    const { store, id } = await openWithOlderShard();

    await store.applyPairs(id, four, [change(keyB, null, 4)], 4);

    expect(readable(await store.loadShards(id, four))[1]).toStrictEqual([pair(keyB, 'b')]);
  });
});

describe('a shard of this version', () => {
  it('is refused where its pairs cannot be unpacked', async () => {
    const { store, id } = table.open();
    await table.raw.put({ ...shardKey(id, four.id, 1), position: 4, packed: new Uint8Array([1, 2, 3]) });

    await expect(store.loadShards(id, four)).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'shard_readable' },
    });
  });

  it('has nothing that an older version takes for pairs: it refuses the shard, too', async () => {
    const { store, id } = await openIndexed(table);

    await store.applyPairs(id, four, [change(keyB, 'b', 1)], 1);

    expect((await shardItems(table, id, four)).map(({ pairs }) => pairs)).toStrictEqual(Array(4).fill(undefined));
  });
});
