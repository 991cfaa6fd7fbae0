/**
 * Keys as words, by open addressing with linear probing: a slot is free where all its words are zero. Memory is taken
 * in pages and none is given back: with a larger piece for every growth, a million keys left 30 MB of garbage.
 */
export type KeyTable = {
  /** `hash` is of 32 bits, and the same for a key every time. */
  has(key: Uint32Array, hash: number): boolean;
  /** Takes a key in that is not zero; false where it was in already. */
  add(key: Uint32Array, hash: number): boolean;
  /** Writes all keys; answers where they end. */
  write(view: DataView, at: number): number;
};

type TableShape = {
  /** Words of a key. */
  readonly width: number;
  /** How many keys it has to hold without growing. */
  readonly room: number;
  readonly hashInTable: (key: Uint32Array) => number;
};

const pageBits = 8;
const pageSlots = 2 ** pageBits;
/** Growing by a quarter from here, a table of many pages is at least two thirds full. */
const maxLoad = 0.85;
const growth = 0.25;

export function createKeyTable({ width, room, hashInTable }: TableShape): KeyTable {
  const pages: Uint32Array[] = [];
  let count = 0;

  const addPages = (wanted: number) => {
    while (pages.length < wanted) pages.push(new Uint32Array(pageSlots * width));
  };
  const pageOf = (slot: number) => pages[slot >>> pageBits] as Uint32Array;
  const wordOf = (slot: number) => (slot & (pageSlots - 1)) * width;
  /** The slot of a key, or the free one where it would be. */
  const findSlot = (key: Uint32Array, hash: number): number => {
    const capacity = pages.length * pageSlots;
    let slot = Math.floor((hash / 2 ** 32) * capacity);
    while (!endsSearch(pageOf(slot), wordOf(slot), key)) slot = slot + 1 === capacity ? 0 : slot + 1;
    return slot;
  };
  const isTaken = (slot: number) => !isFree(pageOf(slot), wordOf(slot), width);
  const put = (key: Uint32Array, slot: number) => {
    const page = pageOf(slot);
    const at = wordOf(slot);
    for (let word = 0; word < width; word += 1) page[at + word] = key[word] ?? 0;
  };
  const write = (view: DataView, start: number): number => {
    let at = start;
    for (let slot = 0; slot < pages.length * pageSlots; slot += 1) {
      if (!isTaken(slot)) continue;
      for (let word = 0; word < width; word += 1, at += 4) view.setUint32(at, pageOf(slot)[wordOf(slot) + word] ?? 0);
    }
    return at;
  };
  const grow = () => {
    const keys = new DataView(new ArrayBuffer(count * width * 4));
    write(keys, 0);
    for (const page of pages) page.fill(0);
    addPages(pages.length + Math.ceil(pages.length * growth));
    const key = new Uint32Array(width);
    for (let at = 0; at < keys.byteLength; at += width * 4) {
      for (let word = 0; word < width; word += 1) key[word] = keys.getUint32(at + word * 4);
      put(key, findSlot(key, hashInTable(key)));
    }
  };
  addPages(Math.ceil(room / maxLoad / pageSlots));

  return {
    has: (key, hash) => pages.length > 0 && isTaken(findSlot(key, hash)),
    add(key, hash) {
      addPages(1);
      const slot = findSlot(key, hash);
      if (isTaken(slot)) return false;
      const isFull = count + 1 > pages.length * pageSlots * maxLoad;
      if (isFull) grow();
      put(key, isFull ? findSlot(key, hash) : slot);
      count += 1;
      return true;
    },
    write,
  };
}

/** Whether this is the slot of a key, or a free one. */
function endsSearch(page: Uint32Array, at: number, key: Uint32Array): boolean {
  const first = page[at];
  return first === key[0]
    ? isAt(page, at, key) || isFree(page, at, key.length)
    : first === 0 && isFree(page, at, key.length);
}

function isFree(page: Uint32Array, at: number, width: number): boolean {
  for (let word = 0; word < width; word += 1) if (page[at + word] !== 0) return false;
  return true;
}

function isAt(page: Uint32Array, at: number, key: Uint32Array): boolean {
  for (let word = 0; word < key.length; word += 1) if (page[at + word] !== key[word]) return false;
  return true;
}

/** An odd number whose products spread over all 32 bits: 2^32 divided by the golden ratio. */
const spread = 0x9e3779b1;

/** A hash of 32 bits. Keys are mostly digests, but it spreads others too. */
export function hashKey(key: Uint32Array): number {
  let hash = 0;
  for (const word of key) {
    hash = Math.imul(hash ^ word, spread);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, spread) >>> 0;
}
