import { digestBytes } from './digest.ts';
import { pairBytes, readUint32, shardNumber } from './index-shard.ts';

/**
 * Every known user of a connection in 16 bytes each: where he stands and what his projection was.
 * Slots number the pairs from 0 to `pairCount - 1`; they hold for this index only.
 */
export type DigestIndex = {
  readonly pairCount: number;
  /** The slot of a key hash, or -1 where nobody is known by it. */
  find(keyHash: Uint8Array): number;
  hasDigest(slot: number, digest: Uint8Array): boolean;
  /** Whether two users share this pair's key hash, so that their entries have to be read. */
  isShared(slot: number): boolean;
  keyHashAt(slot: number): string;
};

/** The index over shards as stored: `shards[n]` holds the sorted pairs of shard n, empty where nobody is in it. */
export function createDigestIndex(shards: readonly Uint8Array[], bits: number): DigestIndex {
  const starts = slotStarts(shards);
  const locate = (slot: number): readonly [Uint8Array, number] => {
    const shard = shardOfSlot(starts, slot);
    return [shards[shard] ?? new Uint8Array(), (slot - (starts[shard] ?? 0)) * pairBytes];
  };
  return {
    pairCount: starts[shards.length] ?? 0,
    find(keyHash) {
      const number = shardNumber(keyHash, bits);
      const at = findPair(shards[number] ?? new Uint8Array(), keyHash);
      return at === -1 ? -1 : (starts[number] ?? 0) + at;
    },
    hasDigest(slot, digest) {
      const [pairs, at] = locate(slot);
      return compare8(pairs, at + digestBytes, digest) === 0;
    },
    isShared(slot) {
      const [pairs, at] = locate(slot);
      return readUint32(pairs, at + digestBytes) === 0 && readUint32(pairs, at + digestBytes + 4) === 0;
    },
    keyHashAt(slot) {
      const [pairs, at] = locate(slot);
      return Buffer.from(pairs.subarray(at, at + digestBytes)).toString('hex');
    },
  };
}

function slotStarts(shards: readonly Uint8Array[]): Uint32Array {
  const starts = new Uint32Array(shards.length + 1);
  for (const [number, pairs] of shards.entries()) starts[number + 1] = (starts[number] ?? 0) + pairs.length / pairBytes;
  return starts;
}

/** The last shard that starts at or before a slot. */
function shardOfSlot(starts: Uint32Array, slot: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= slot) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The position of a key hash among sorted pairs, or -1. */
function findPair(pairs: Uint8Array, keyHash: Uint8Array): number {
  let low = 0;
  let high = pairs.length / pairBytes - 1;
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
