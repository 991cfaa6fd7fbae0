import { digestBytes, sharedKeyDigest } from './digest.ts';

/** Bytes of one pair: a key hash and a digest. */
export const pairBytes = digestBytes * 2;

/** What becomes of one pair: a new digest, or null to take the pair out. Hexadecimal. */
export type PairChange = { readonly keyHash: string; readonly digest: string | null };

/** Which of `2^bits` shards a key hash belongs to: its leading bits. */
export function shardNumber(keyHash: Uint8Array, bits: number): number {
  return bits === 0 ? 0 : readUint32(keyHash, 0) >>> (32 - bits);
}

/**
 * A shard's pairs after some changes, sorted by key hash. Later changes of a pair win, except over the mark that two
 * users share it: that stays until the pair is taken out.
 */
export function foldShard(pairs: Uint8Array, changes: readonly PairChange[]): Uint8Array {
  const byKey = new Map<string, Uint8Array>();
  for (let at = 0; at < pairs.length; at += pairBytes) {
    const pair = pairs.subarray(at, at + pairBytes);
    byKey.set(Buffer.from(pair.subarray(0, digestBytes)).toString('hex'), pair);
  }
  for (const { keyHash, digest } of changes) {
    if (digest === null) byKey.delete(keyHash);
    else if (!isShared(byKey.get(keyHash))) byKey.set(keyHash, Buffer.from(keyHash + digest, 'hex'));
  }
  const keys = [...byKey.keys()].sort();
  return new Uint8Array(Buffer.concat(keys.map((key) => byKey.get(key) ?? new Uint8Array())));
}

function isShared(pair: Uint8Array | undefined): boolean {
  return pair !== undefined && Buffer.from(pair.subarray(digestBytes)).toString('hex') === sharedKeyDigest;
}

/** Bits of the smallest layout whose shards hold at most `pairsPerShard` on average. */
export function layoutBits(pairCount: number, pairsPerShard: number): number {
  let bits = 0;
  while (bits < maxLayoutBits && pairCount > pairsPerShard * 2 ** bits) bits += 1;
  return bits;
}

/** 16 million shards: far beyond any directory, and within one 32-bit read. */
const maxLayoutBits = 24;

export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** Whether the digest that stands there is the one of a pair whose key hash two users share. */
export function isSharedMark(pairs: Uint8Array, at: number): boolean {
  return readUint32(pairs, at) === 0 && readUint32(pairs, at + 4) === 0;
}

/** The same pairs cut into `2^bits` shards. Shards hold ranges of sorted keys, so this is one pass. */
export function recutShards(shards: readonly Uint8Array[], bits: number): readonly Uint8Array[] {
  const recut: Uint8Array[][] = Array.from({ length: 2 ** bits }, () => []);
  for (const pairs of shards) {
    for (let at = 0; at < pairs.length; at += pairBytes) {
      const pair = pairs.subarray(at, at + pairBytes);
      recut[shardNumber(pair, bits)]?.push(pair);
    }
  }
  return recut.map((pairs) => new Uint8Array(Buffer.concat(pairs)));
}
