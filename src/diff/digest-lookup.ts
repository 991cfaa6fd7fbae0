import { digestBytes } from './digest.ts';
import { isSharedMark, pairBytes, readUint32 } from './index-shard.ts';

/**
 * Where a digest stands among pairs: its slot, or -1. Users who share a key hash have no digest and are not found.
 * A table of four bytes for each of its places, less than three quarters of them taken.
 */
export function createDigestLookup(pairs: Uint8Array): (digest: Uint8Array) => number {
  const count = pairs.length / pairBytes;
  const bits = Math.ceil(Math.log2(count * 1.4 + 2));
  const mask = 2 ** bits - 1;
  // Slots from one on: where nobody is stands zero.
  const places = new Uint32Array(2 ** bits);
  for (let slot = 0; slot < count; slot += 1) {
    const at = slot * pairBytes + digestBytes;
    if (isSharedMark(pairs, at)) continue;
    let place = readUint32(pairs, at) & mask;
    while (places[place] !== 0) place = (place + 1) & mask;
    places[place] = slot + 1;
  }
  return (digest) => {
    for (let place = readUint32(digest, 0) & mask; places[place] !== 0; place = (place + 1) & mask) {
      const slot = (places[place] ?? 0) - 1;
      if (isSame(pairs, slot * pairBytes + digestBytes, digest)) return slot;
    }
    return -1;
  };
}

function isSame(pairs: Uint8Array, at: number, digest: Uint8Array): boolean {
  return readUint32(pairs, at) === readUint32(digest, 0) && readUint32(pairs, at + 4) === readUint32(digest, 4);
}
