import { pairBytes, readUint32 } from '../diff/index-shard.ts';
import { FeedError } from '../model/feed-error.ts';

/**
 * The sorted pairs of a shard, in fewer bytes: 14 and a bit each instead of 16. Of a key hash, the leading bits are the
 * shard's number, and those after them rise slowly from pair to pair. So the first bytes of all key hashes, as many as the
 * first byte here says, are not kept one by one but as a row of bits: for each value they may have, as many ones as there
 * are pairs with it, and a zero. What is left of the pairs follows, in their order.
 * @throws internal.invariant for pairs that are not sorted, or not this shard's: they would be other ones once unpacked
 */
export function packPairs(pairs: Uint8Array, shard: number, bits: number): Uint8Array {
  const count = pairs.length / pairBytes;
  const cut = bestCut(count, bits);
  const values = valuesOf(cut, bits);
  const rowBytes = bytesOfRow(count, values);
  const packed = new Uint8Array(1 + rowBytes + count * (pairBytes - cut));
  packed[0] = cut;
  let to = 1 + rowBytes;
  let before = 0;
  for (let pair = 0; pair < count; pair += 1) {
    const at = pair * pairBytes;
    const value = leadingBytes(pairs, at, cut) - shard * values;
    if (value < before || value >= values) throw outOfPlace(shard, bits);
    before = value;
    // In front of it stand a one for each pair before and a zero for each value that is less.
    const bit = pair + value;
    packed[1 + (bit >>> 3)] = (packed[1 + (bit >>> 3)] ?? 0) | (1 << (bit & 7));
    for (let byte = cut; byte < pairBytes; byte += 1) packed[to++] = pairs[at + byte] ?? 0;
  }
  return packed;
}

/** The pairs of a shard as they were packed; undefined where these bytes are none that were. */
export function unpackPairs(packed: Uint8Array, shard: number, bits: number): Uint8Array | undefined {
  const cut = packed[0] ?? 0;
  const values = valuesOf(cut, bits);
  if (packed.length === 0 || cut > maxCut || values < 1) return undefined;
  const row = readRow(packed, values);
  const rowBytes = bytesOfRow(row.length, values);
  if (packed.length !== 1 + rowBytes + row.length * (pairBytes - cut)) return undefined;
  const pairs = new Uint8Array(row.length * pairBytes);
  let from = 1 + rowBytes;
  for (const [pair, value] of row.entries()) {
    const at = pair * pairBytes;
    const leading = shard * values + value;
    for (let byte = 0; byte < cut; byte += 1) pairs[at + byte] = leading >>> (8 * (cut - 1 - byte));
    for (let byte = cut; byte < pairBytes; byte += 1) pairs[at + byte] = packed[from++] ?? 0;
  }
  return pairs;
}

/** Bytes of which `readUint32` reads no more. */
const maxCut = 4;

/** How many first bytes of the key hashes to keep as a row: those the shard's number covers, or one more where that pays. */
function bestCut(count: number, bits: number): number {
  const least = Math.ceil(bits / 8);
  const sizeWith = (cut: number) => bytesOfRow(count, valuesOf(cut, bits)) + count * (pairBytes - cut);
  return sizeWith(least + 1) < sizeWith(least) ? least + 1 : least;
}

/** How many values the first bytes of the key hashes of one shard may have. */
function valuesOf(cut: number, bits: number): number {
  return 2 ** (8 * cut - bits);
}

function bytesOfRow(count: number, values: number): number {
  return Math.ceil((count + values) / 8);
}

function leadingBytes(pairs: Uint8Array, at: number, cut: number): number {
  return cut === 0 ? 0 : readUint32(pairs, at) >>> (32 - 8 * cut);
}

function outOfPlace(shard: number, bits: number): FeedError {
  const message = `index shard ${shard} of ${2 ** bits} has a pair out of place: its pairs have to be sorted, and its own`;
  return new FeedError('internal.invariant', message, { invariant: 'shard_in_order' });
}

/** The value of each pair. */
function readRow(packed: Uint8Array, values: number): readonly number[] {
  const row: number[] = [];
  const end = (packed.length - 1) * 8;
  for (let bit = 0, value = 0; value < values && bit < end; bit += 1) {
    if (((packed[1 + (bit >>> 3)] ?? 0) & (1 << (bit & 7))) === 0) value += 1;
    else row.push(value);
  }
  return row;
}
