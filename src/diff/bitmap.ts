/** A set of the numbers below a limit, of one bit each. */
export type Bitmap = {
  /** How many numbers are in it. */
  readonly count: number;
  readonly bytes: Uint8Array;
  has(number: number): boolean;
  /** Takes a number in; false where it was in already. */
  add(number: number): boolean;
  /** The numbers that are not in it, in ascending order. */
  missing(): Iterable<number>;
};

/**
 * The bitmap over some bytes, which it goes on to write to; without bytes, an empty one.
 * @throws TypeError where they are not the bytes of a bitmap of this limit
 */
export function createBitmap(limit: number, bytes: Uint8Array = new Uint8Array(Math.ceil(limit / 8))): Bitmap {
  let count = countBits(bytes);
  if (bytes.length !== Math.ceil(limit / 8) || (limit % 8 !== 0 && (bytes.at(-1) ?? 0) >>> (limit % 8) !== 0))
    throw new TypeError(`a bitmap of ${bytes.length} bytes is not one of ${limit} numbers`);
  const has = (number: number) => ((bytes[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  return {
    get count() {
      return count;
    },
    bytes,
    has,
    add(number) {
      if (has(number)) return false;
      bytes[number >>> 3] = (bytes[number >>> 3] ?? 0) | (1 << (number & 7));
      count += 1;
      return true;
    },
    *missing() {
      for (let number = 0; number < limit; number += 1) {
        if ((number & 7) === 0 && bytes[number >>> 3] === 0xff) number += 7;
        else if (!has(number)) yield number;
      }
    },
  };
}

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (let rest of bytes) for (; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
