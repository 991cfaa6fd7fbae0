import { describe, expect, it } from 'vitest';
import { createKeyTable, hashKey, type KeyTable } from '../../../src/diff/key-table.ts';

const keyOf = (...words: readonly number[]) => Uint32Array.from(words);
/** Two words a key, all of which want the same slot. */
const crowded = (hash: number) => ({ width: 2, room: 0, hashInTable: () => hash });

/** Everything in a table, as written. */
function keysIn(table: KeyTable, count: number): readonly (readonly number[])[] {
  const view = new DataView(new ArrayBuffer(count * 8));
  const end = table.write(view, 0);
  const keys = Array.from({ length: count }, (_, at) => [view.getUint32(at * 8), view.getUint32(at * 8 + 4)]);
  return end === view.byteLength ? keys : [[end]];
}

describe(createKeyTable, () => {
  it.each([
    ['differ in their first word', keyOf(1, 7), keyOf(2, 7)],
    ['differ in their last word', keyOf(7, 1), keyOf(7, 2)],
    ['begin with nothing', keyOf(0, 1), keyOf(0, 2)],
    ['end with nothing', keyOf(1, 0), keyOf(2, 0)],
  ])('tells keys apart that want the same slot and %s', (_, one, other) => {
    const table = createKeyTable(crowded(5));

    const added = [table.add(one, 5), table.has(other, 5), table.add(other, 5), table.add(one, 5)];

    expect(added).toStrictEqual([true, false, true, false]);
    expect([table.has(one, 5), table.has(other, 5)]).toStrictEqual([true, true]);
    expect(keysIn(table, 2)).toStrictEqual([[...one], [...other]]);
  });

  it('has nothing before anything is added', () => {
    const table = createKeyTable(crowded(0));

    expect([table.has(keyOf(1, 1), 0), table.write(new DataView(new ArrayBuffer(0)), 0)]).toStrictEqual([false, 0]);
  });

  it('goes on at its first slot after its last one', () => {
    const last = 2 ** 32 - 1;
    const table = createKeyTable(crowded(last));
    for (const word of [1, 2, 3]) table.add(keyOf(word, 0), last);

    expect([1, 2, 3, 4].map((word) => table.has(keyOf(word, 0), last))).toStrictEqual([true, true, true, false]);
    // Slots are written from the first on: those that went on there come before the one in the last slot.
    expect(keysIn(table, 3)).toStrictEqual([
      [2, 0],
      [3, 0],
      [1, 0],
    ]);
  });

  it('keeps every key while it grows, however they are spread', () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => keyOf(n % 7, n + 1));
    const table = createKeyTable({ width: 2, room: 0, hashInTable: hashKey });

    const added = keys.map((key) => table.add(key, hashKey(key)));

    expect(added).not.toContain(false);
    expect(keys.every((key) => table.has(key, hashKey(key)))).toBe(true);
    expect(table.has(keyOf(8, 1), hashKey(keyOf(8, 1)))).toBe(false);
    expect(new Set(keysIn(table, 2_000).map(String)).size).toBe(2_000);
  });

  it('grows before it is full, so that a search ends', () => {
    const table = createKeyTable({ width: 2, room: 0, hashInTable: (key) => hashKey(key) });
    const grown: number[] = [];
    const view = new DataView(new ArrayBuffer(1_000_000));
    for (let n = 1; n <= 256; n += 1) {
      table.add(keyOf(n, n), hashKey(keyOf(n, n)));
      grown.push(table.write(view, 0) / 8);
    }

    expect(grown).toStrictEqual(Array.from({ length: 256 }, (_, n) => n + 1));
  });
});

describe(hashKey, () => {
  it('is of 32 bits without a sign, and the same every time', () => {
    const hashes = Array.from({ length: 1_000 }, (_, n) => hashKey(keyOf(n, 0)));

    expect(hashes.every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32)).toBe(true);
    expect(hashes).toStrictEqual(Array.from({ length: 1_000 }, (_, n) => hashKey(keyOf(n, 0))));
  });

  it.each([
    ['count up', (n: number) => keyOf(n, 0)],
    ['count up in their last word', (n: number) => keyOf(0, n)],
    ['differ in their first bits only', (n: number) => keyOf(n << 20, 0)],
  ])('spreads keys that %s over all first bits', (_, keyAt) => {
    const places = new Set(Array.from({ length: 4_096 }, (__, n) => hashKey(keyAt(n)) >>> 24));

    expect(places.size).toBe(256);
  });

  it('goes by the order of words', () => {
    expect(hashKey(keyOf(1, 2))).not.toBe(hashKey(keyOf(2, 1)));
  });
});
