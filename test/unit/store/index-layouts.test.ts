import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairBytes } from '../../../src/diff/index-shard.ts';
import { indexPartition, shardKey } from '../../../src/store/keys.ts';
import type { IndexLayout } from '../../../src/sweep/connection-state.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import {
  change,
  four,
  keyA,
  keyB,
  keyC,
  makeLayout,
  openIndexed,
  pair,
  readable,
  shardItems,
  single,
} from './index-pairs.ts';
import { digestOf, spreadKeyHash } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('loadShards', () => {
  it('answers empty shards where nothing is stored', async () => {
    const { store, id } = table.open();

    expect(readable(await store.loadShards(id, four))).toStrictEqual([[], [], [], []]);
  });

  it('keeps layouts and connections apart', async () => {
    const { store, id } = await openIndexed(table);
    const other = await openIndexed(table);
    await makeLayout(store, id, { id: 'single-2', bits: 0 });
    await store.applyPairs(id, single, [change(keyA, 'a', 1)], 1);
    await store.applyPairs(id, { id: 'single-2', bits: 0 }, [change(keyB, 'b', 1)], 1);
    await other.store.applyPairs(other.id, single, [change(keyC, 'c', 1)], 1);

    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a')]]);
  });

  it('answers every shard where one answer of the table holds only some', async () => {
    const { store, id, wire } = table.open();
    const layout: IndexLayout = { id: 'large', bits: 4 };
    const shards = Array.from({ length: 16 }, (_, shard) => {
      const pairs = Array.from(
        { length: 8_192 },
        (__, n) => spreadKeyHash(shard * 8_192 + n, 16 * 8_192) + digestOf('x'),
      );
      return new Uint8Array(Buffer.from(pairs.join(''), 'hex'));
    });
    await store.writeLayout(id, layout, shards, 1);
    wire.reset();

    const loaded = await store.loadShards(id, layout);

    expect(loaded.map(({ length }) => length)).toStrictEqual(Array(16).fill(8_192 * pairBytes));
    expect(Buffer.concat(loaded).equals(Buffer.concat(shards))).toBe(true);
    expect(wire.calls.length).toBeGreaterThan(1);
  });

  it.each<{ what: string; damage: object }>([
    { what: 'half a pair', damage: { pairs: new Uint8Array(pairBytes * 3 - 1) } },
    { what: 'pairs that are no bytes', damage: { pairs: 'text' } },
    { what: 'no pairs', damage: { pairs: undefined } },
    { what: 'no position', damage: { position: undefined } },
    { what: 'a position that is no number', damage: { position: '1' } },
  ])('refuses a shard with $what and names the item', async ({ damage }) => {
    const { store, id, table: own } = await openIndexed(table);
    await store.applyPairs(id, single, [change(keyA, 'a', 1)], 1);
    await own.put({
      ...shardKey(id, 'single', 0),
      number: 0,
      position: 1,
      pairs: new Uint8Array(pairBytes),
      ...damage,
    });

    const loading = store.loadShards(id, single);

    await expect(loading).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'shard_readable' },
      message: expect.stringContaining(`${indexPartition(id, 'single')} shard#00000000`),
    });
    await expect(store.applyPairs(id, single, [change(keyA, 'b', 2)], 2)).rejects.toMatchObject({
      code: 'internal.invariant',
    });
  });
});

describe('writeLayout', () => {
  it('writes a layout whose shards say how far they are', async () => {
    const { store, id } = table.open();
    const shards = [keyA, keyB, null, keyC].map(
      (key) => new Uint8Array(Buffer.from(key === null ? '' : pair(key, 'x'), 'hex')),
    );

    await store.writeLayout(id, four, shards, 17);
    await store.applyPairs(id, four, [change(keyA, 'late', 17), change('8000000000000000', 'late', 17)], 17);
    await store.applyPairs(id, four, [change('8000000000000000', 'new', 18)], 18);

    expect(readable(await store.loadShards(id, four))).toStrictEqual([
      [pair(keyA, 'x')],
      [pair(keyB, 'x')],
      [pair('8000000000000000', 'new')],
      [pair(keyC, 'x')],
    ]);
  });
});

describe('writeLayout, whose request arrives a second time', () => {
  it('does not put back what a shard has been told since', async () => {
    const { store, id } = table.open();
    const layout: IndexLayout = { id: 'told', bits: 0 };
    const shards = [new Uint8Array(Buffer.from(pair(keyA, 'x'), 'hex'))];
    await store.writeLayout(id, layout, shards, 17);
    await store.applyPairs(id, layout, [change(keyA, 'newer', 18)], 18);

    await store.writeLayout(id, layout, shards, 17);

    expect(readable(await store.loadShards(id, layout))).toStrictEqual([[pair(keyA, 'newer')]]);
  });
});

describe('deleteLayout', () => {
  it('leaves nothing of one layout and all of the others', async () => {
    const { store, id } = await openIndexed(table);
    const layout: IndexLayout = { id: 'doomed', bits: 6 };
    await makeLayout(store, id, layout);
    const changes = Array.from({ length: 64 }, (_, n) => change(spreadKeyHash(n, 64), 'x', 1));
    await store.applyPairs(id, layout, changes, 1);
    await store.applyPairs(id, single, [change(keyA, 'a', 1)], 1);

    await store.deleteLayout(id, layout);

    expect(await shardItems(table, id, layout)).toStrictEqual([]);
    expect(readable(await store.loadShards(id, single))).toStrictEqual([[pair(keyA, 'a')]]);
  });
});
