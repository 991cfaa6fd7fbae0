import { type Bitmap, createBitmap } from './bitmap.ts';
import { type ByteSection, packSections, sectionOf, unpackSections } from './byte-sections.ts';
import { digestBytes, userMarkBytes } from './digest.ts';
import { readUint32 } from './index-shard.ts';
import { createKeySet, type KeySet } from './key-set.ts';

/** What a walk has to remember of the users it showed, packed. */
export type NotedUsers = {
  /** By slot: known users with a pair of their own. */
  readonly seenSlots: Bitmap;
  readonly excludedSlots: Bitmap;
  /** Key hashes of the newcomers. */
  readonly takenKeyHashes: KeySet;
  /** By user mark: the first newcomer under each key hash. */
  readonly newcomers: KeySet;
  /** By user mark: those who share a known pair, and newcomers under a key hash that was taken. */
  readonly apart: KeySet;
  /** By user mark: excluded users without a pair of their own. */
  readonly excludedMarks: KeySet;
  readonly duplicates: number;
  /** How many of those apart are newcomers. */
  readonly namesakes: number;
};

/** The beginning of a walk over an index of so many pairs. */
export function noneNoted(pairCount: number): NotedUsers {
  return {
    seenSlots: createBitmap(pairCount),
    excludedSlots: createBitmap(pairCount),
    takenKeyHashes: createKeySet(undefined, digestBytes),
    newcomers: createKeySet(undefined, userMarkBytes),
    apart: createKeySet(undefined, userMarkBytes),
    excludedMarks: createKeySet(undefined, userMarkBytes),
    duplicates: 0,
    namesakes: 0,
  };
}

const layoutVersion = 1;
const what = 'the saved walk';
const numberBytes = 4;

export function packNoted(noted: NotedUsers, pairCount: number): Uint8Array {
  const { seenSlots, excludedSlots, takenKeyHashes, newcomers, apart, excludedMarks } = noted;
  return packSections(layoutVersion, [
    sectionOfNumbers([pairCount, noted.duplicates, noted.namesakes]),
    sectionOf(seenSlots.bytes),
    sectionOf(excludedSlots.bytes),
    sectionOfKeys(takenKeyHashes, digestBytes),
    sectionOfKeys(newcomers, userMarkBytes),
    sectionOfKeys(apart, userMarkBytes),
    sectionOfKeys(excludedMarks, userMarkBytes),
  ]);
}

/** What `packNoted` packed; nothing of the bytes is kept. @throws TypeError where they are of another index */
export function readNoted(bytes: Uint8Array, pairCount: number): NotedUsers {
  const sections = unpackSections(bytes, { version: layoutVersion, count: 7, what });
  const [numbers, seen, excluded, taken, newcomers, apart, excludedMarks] = sections;
  const numberAt = (place: number) => readUint32(numbers ?? new Uint8Array(), place * numberBytes);
  if (numberAt(0) !== pairCount)
    throw new TypeError(`${what} is over an index of ${numberAt(0)} pairs, expected ${pairCount}`);
  return {
    seenSlots: createBitmap(pairCount, seen?.slice()),
    excludedSlots: createBitmap(pairCount, excluded?.slice()),
    takenKeyHashes: createKeySet(taken, digestBytes),
    newcomers: createKeySet(newcomers, userMarkBytes),
    apart: createKeySet(apart, userMarkBytes),
    excludedMarks: createKeySet(excludedMarks, userMarkBytes),
    duplicates: numberAt(1),
    namesakes: numberAt(2),
  };
}

function sectionOfNumbers(numbers: readonly number[]): ByteSection {
  const bytes = new Uint8Array(numbers.length * numberBytes);
  const view = new DataView(bytes.buffer);
  for (const [place, number] of numbers.entries()) view.setUint32(place * numberBytes, number);
  return sectionOf(bytes);
}

function sectionOfKeys(keys: KeySet, keyBytes: number): ByteSection {
  return { length: keys.size * keyBytes, writeTo: (place) => void keys.save(place) };
}
