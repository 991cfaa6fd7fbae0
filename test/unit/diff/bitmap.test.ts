import { describe, expect, it } from 'vitest';
import { createBitmap } from '../../../src/diff/bitmap.ts';

describe(createBitmap, () => {
  it.each([0, 1, 7, 8, 9, 16, 30])('lacks every number below a limit of %i at first', (limit) => {
    const bitmap = createBitmap(limit);

    expect([...bitmap.missing()]).toStrictEqual(Array.from({ length: limit }, (_, number) => number));
    expect([bitmap.count, bitmap.bytes.length]).toStrictEqual([0, Math.ceil(limit / 8)]);
  });

  it('takes each number in once', () => {
    const bitmap = createBitmap(20);

    expect([bitmap.add(3), bitmap.add(8), bitmap.add(3), bitmap.count]).toStrictEqual([true, true, false, 2]);
    expect([2, 3, 4, 8, 16].map((number) => bitmap.has(number))).toStrictEqual([false, true, false, true, false]);
  });

  it.each([17, 24])('misses what is left between full bytes, of %i', (limit) => {
    const bitmap = createBitmap(limit);
    const left = [8, limit - 1];

    for (let number = 0; number < limit; number += 1) if (!left.includes(number)) bitmap.add(number);

    expect([...bitmap.missing()]).toStrictEqual(left);
  });

  it('goes on over its own bytes', () => {
    const first = createBitmap(11);
    for (const number of [0, 7, 10]) first.add(number);

    const second = createBitmap(11, first.bytes.slice());

    expect([second.count, second.add(10), second.add(9), second.count]).toStrictEqual([3, false, true, 4]);
    expect([...second.missing()]).toStrictEqual([1, 2, 3, 4, 5, 6, 8]);
  });

  it.each([8, 16])('goes on over the bytes of a full one of %i', (limit) => {
    const bitmap = createBitmap(limit, new Uint8Array(limit / 8).fill(0xff));

    expect([bitmap.count, ...bitmap.missing()]).toStrictEqual([limit]);
  });

  it.each([
    ['too few bytes', 9, new Uint8Array(1)],
    ['too many bytes', 8, new Uint8Array(2)],
    ['a number beyond the limit', 11, new Uint8Array([0, 0b1000])],
    ['a number beyond the limit in the only byte', 3, new Uint8Array([0b1000])],
    ['a number beyond the limit in the last of three bytes', 19, new Uint8Array([0, 0, 0b1000])],
  ])('refuses %s', (_, limit, bytes) => {
    expect(() => createBitmap(limit, bytes)).toThrow(
      new TypeError(`a bitmap of ${bytes.length} bytes is not one of ${limit} numbers`),
    );
  });
});
