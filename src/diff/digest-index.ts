import { digestBytes } from './digest.ts';
import { createDigestLookup } from './digest-lookup.ts';
import { isSharedMark, pairBytes, readUint32, shardNumber } from './index-shard.ts';

/**
 * Every known user of a connection in 16 bytes each: where he stands and what his projection was.
 * Slots number the pairs from 0 to `pairCount - 1`; they hold for this index only.
 */
export type DigestIndex = {
  readonly pairCount: number;
  /** The slot of a key hash, or -1 where nobody is known by it. */
  find(keyHash: Uint8Array): number;
  /** The slot whose digest this is, or -1: of a user who is as he was. His id is a part of it, so that it is his slot. */
  findDigest(digest: Uint8Array): number;
  /** Whether two users share this pair's key hash, so that their entries have to be read. */
  isShared(slot: number): boolean;
  keyHashAt(slot: number): string;
};

/** The index over shards as stored: `shards[n]` holds the sorted pairs of shard n, empty where nobody is in it. */
export function createDigestIndex(shards: readonly Uint8Array[], bits: number): DigestIndex {
  const starts = slotStarts(shards);
  // Shards are ranges of sorted keys: one after the other they are one sorted list.
  const pairs = Buffer.concat(shards);
  let lookup: ((digest: Uint8Array) => number) | undefined;
  return {
    pairCount: pairs.length / pairBytes,
    find(keyHash) {
      const shard = shardNumber(keyHash, bits);
      return findPair(pairs, starts[shard] ?? 0, starts[shard + 1] ?? 0, keyHash);
    },
    findDigest(digest) {
      lookup ??= createDigestLookup(pairs);
      return lookup(digest);
    },
    isShared: (slot) => isSharedMark(pairs, slot * pairBytes + digestBytes),
    keyHashAt: (slot) => pairs.toString('hex', slot * pairBytes, slot * pairBytes + digestBytes),
  };
}

/** Where each shard begins, and the last one ends, in slots. */
function slotStarts(shards: readonly Uint8Array[]): Uint32Array {
  const starts = new Uint32Array(shards.length + 1);
  for (const [number, pairs] of shards.entries()) starts[number + 1] = (starts[number] ?? 0) + pairs.length / pairBytes;
  return starts;
}

/** The slot of a key hash among the sorted pairs from one slot to before another, or -1. */
function findPair(pairs: Uint8Array, from: number, to: number, keyHash: Uint8Array): number {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compare8(pairs, middle * pairBytes, keyHash);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function compare8(pairs: Uint8Array, at: number, wanted: Uint8Array): number {
  return readUint32(pairs, at) - readUint32(wanted, 0) || readUint32(pairs, at + 4) - readUint32(wanted, 4);
}
