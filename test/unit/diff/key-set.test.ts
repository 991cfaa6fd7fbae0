import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/diff/digest.ts';
import { createKeySet } from '../../../src/diff/key-set.ts';
import { aDigester } from '../../support/builders.ts';

/** Keys that are digests, each number's own. */
function markOf(number: number): Uint8Array {
  return aDigester.userMark(`${number}`);
}

const zeros = new Uint8Array(16);
const many = 200_000;

describe(createKeySet, () => {
  it('is empty at first', () => {
    const set = createKeySet();

    expect([set.size, set.has(zeros), set.has(markOf(1)), set.save().length]).toStrictEqual([0, false, false, 0]);
  });

  it('takes a key of zeros in as any other, once', () => {
    const set = createKeySet();

    expect([set.add(zeros), set.add(zeros), set.has(zeros), set.size]).toStrictEqual([true, false, true, 1]);
    expect(toHex(set.save())).toBe('00'.repeat(16));
    expect(createKeySet(set.save()).has(zeros)).toBe(true);
  });

  it('counts 200,000 keys shown twice, saved and restored half way, as a set of texts does', () => {
    const model = new Set<string>();
    let set = createKeySet();

    for (let number = 0; number < many; number += 1) {
      if (number === many / 2) set = createKeySet(set.save());
      const key = markOf(number % (many / 2 + 7));
      const isNew = !model.has(toHex(key));
      model.add(toHex(key));
      if (set.add(key) !== isNew) throw new Error(`the set takes key ${number} for ${isNew ? 'known' : 'new'}`);
    }

    expect(set.size).toBe(model.size);
    expect(set.save().length).toBe(model.size * 16);
  });

  it('grows after it was restored, and finds what it had before', () => {
    const first = createKeySet();
    for (let number = 0; number < 1_000; number += 1) first.add(markOf(number));
    const set = createKeySet(first.save());
    for (let number = 0; number < 40_000; number += 1) set.add(markOf(number));

    expect(set.size).toBe(40_000);
    for (let number = 0; number < 40_000; number += 1)
      if (!set.has(markOf(number))) throw new Error(`the set has lost key ${number}`);
  });

  it('finds each of 200,000 keys that differ in their last byte only, and none beside them', () => {
    const set = createKeySet(undefined, 8);
    const key = Buffer.alloc(8);
    const keyOf = (number: number) => {
      key.writeUInt32BE(number, 4);
      return key;
    };

    for (let number = 0; number < many; number += 1) set.add(keyOf(number));
    const found = Array.from({ length: many + 50 }, (_, number) => number).filter((number) => set.has(keyOf(number)));

    expect([set.size, found.length, found.at(-1)]).toStrictEqual([many, many, many - 1]);
  });

  it('keeps nothing of the bytes it was given', () => {
    const key = markOf(1).slice();
    const initial = markOf(2).slice();
    const set = createKeySet(initial);
    set.add(key);

    key.fill(0);
    initial.fill(0);

    expect([set.has(markOf(1)), set.has(markOf(2)), set.has(zeros)]).toStrictEqual([true, true, false]);
  });

  it('saves into the beginning of a place that is not clean', () => {
    const set = createKeySet(fromHex(`${'00'.repeat(8)}${'ab'.repeat(8)}`), 8);
    const place = new Uint8Array(20).fill(0xff);

    set.save(place.subarray(1));

    expect(toHex(place)).toBe(`ff${'00'.repeat(8)}${'ab'.repeat(8)}ffffff`);
  });

  it.each([
    [15, 16],
    [17, 16],
    [12, 8],
  ] as const)('refuses %i bytes as keys of %i', (length, keyBytes) => {
    expect(() => createKeySet(new Uint8Array(length), keyBytes)).toThrow(
      new TypeError(`a key set of ${length} bytes holds no whole number of keys of ${keyBytes} bytes`),
    );
  });
});
