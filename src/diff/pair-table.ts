import { digestBytes } from './digest.ts';
import { createDigestIndex } from './digest-index.ts';
import { pairBytes } from './index-shard.ts';

/** A sorted table of key hashes and 8 bytes of value each, in one piece. */
export type PairTable = {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** The slot of a key hash, or -1. */
  find(keyHash: Uint8Array): number;
  /** A view of the table, not a copy. */
  valueAt(slot: number): Uint8Array;
  /** 16 hexadecimal digits. */
  keyHashAt(slot: number): string;
};

/** A pair table in the making. The last value added for a key hash counts. */
export type PairTableBuilder = {
  /** How many values were added, those that do not count included. */
  readonly count: number;
  add(keyHash: Uint8Array, value: Uint8Array): void;
  build(): Uint8Array;
};

/** The table over bytes that a builder made. @throws TypeError where their length is no number of pairs */
export function createPairTable(bytes: Uint8Array): PairTable {
  if (bytes.length % pairBytes !== 0)
    throw new TypeError(`a pair table of ${bytes.length} bytes holds no whole number of pairs`);
  // The index of a single shard is such a table, with digests for values.
  const { find, keyHashAt, pairCount } = createDigestIndex([bytes], 0);
  const valueAt = (slot: number) => bytes.subarray(slot * pairBytes + digestBytes, (slot + 1) * pairBytes);
  return { count: pairCount, bytes, find, keyHashAt, valueAt };
}

const chunkBits = 12;
const chunkMask = 2 ** chunkBits - 1;

export function createPairTableBuilder(): PairTableBuilder {
  // In the order they were added, in chunks: one growing piece would be copied again and again.
  const chunks: Uint8Array[] = [];
  let count = 0;
  const byteAt = (pair: number, byte: number) =>
    chunks[pair >>> chunkBits]?.[(pair & chunkMask) * pairBytes + byte] ?? 0;
  const isSameKey = (one: number, other: number) => {
    for (let byte = 0; byte < digestBytes; byte += 1) if (byteAt(one, byte) !== byteAt(other, byte)) return false;
    return true;
  };
  return {
    get count() {
      return count;
    },
    add(keyHash, value) {
      if ((count & chunkMask) === 0) chunks.push(new Uint8Array((chunkMask + 1) * pairBytes));
      const at = (count & chunkMask) * pairBytes;
      chunks.at(-1)?.set(keyHash, at);
      chunks.at(-1)?.set(value, at + digestBytes);
      count += 1;
    },
    build() {
      const sorted = sortByKey(count, byteAt);
      const table = new Uint8Array(count * pairBytes);
      let length = 0;
      for (const [order, pair] of sorted.entries()) {
        const next = sorted[order + 1];
        if (next !== undefined && isSameKey(pair, next)) continue;
        const at = (pair & chunkMask) * pairBytes;
        table.set(chunks[pair >>> chunkBits]?.subarray(at, at + pairBytes) ?? [], length);
        length += pairBytes;
      }
      return length === table.length ? table : table.slice(0, length);
    },
  };
}

/** With fewer pairs, passes over 65,536 counts take longer than twice as many passes over the pairs. */
const fewPairs = 2 ** 14;

/**
 * Numbers of pairs by ascending key; those of the same key stay in order. One counting sort for every digit of the key,
 * a byte or two, from the last one to the first.
 */
function sortByKey(count: number, byteAt: (pair: number, byte: number) => number): Uint32Array {
  let sorted = Uint32Array.from({ length: count }, (_, pair) => pair);
  let next = new Uint32Array(count);
  const digits = new Uint16Array(count);
  const digitBytes = count < fewPairs ? 1 : 2;
  for (let byte = digestBytes - digitBytes; byte >= 0; byte -= digitBytes) {
    for (let pair = 0; pair < count; pair += 1)
      digits[pair] = digitBytes === 1 ? byteAt(pair, byte) : (byteAt(pair, byte) << 8) | byteAt(pair, byte + 1);
    const places = firstPlaces(digits, 2 ** (8 * digitBytes));
    for (const pair of sorted) {
      const digit = digits[pair] ?? 0;
      const place = places[digit] ?? 0;
      next[place] = pair;
      places[digit] = place + 1;
    }
    [sorted, next] = [next, sorted];
  }
  return sorted;
}

/** By digit: how many have a smaller one. */
function firstPlaces(digits: Uint16Array, digitCount: number): Uint32Array {
  const places = new Uint32Array(digitCount + 1);
  for (const digit of digits) places[digit + 1] = (places[digit + 1] ?? 0) + 1;
  for (let digit = 1; digit < places.length; digit += 1)
    places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0);
  return places;
}
