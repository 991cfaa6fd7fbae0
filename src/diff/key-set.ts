import { readUint32 } from './index-shard.ts';
import { createKeyTable, hashKey, type KeyTable } from './key-table.ts';

/** A set of keys of one width, packed: no object a key, and at most about 1.5 times the bytes of many keys. */
export type KeySet = {
  readonly size: number;
  /** Takes a key in; false where it was in already. */
  add(key: Uint8Array): boolean;
  has(key: Uint8Array): boolean;
  /** All keys one after the other, in any order; written to the beginning of `into` where that is given. */
  save(into?: Uint8Array): Uint8Array;
};

/** Keys are spread over tables that grow one at a time: growing never holds more than a small part of the set twice. */
const tableBits = 6;

/** The set of keys that `initial` holds, as `save` gave them. @throws TypeError where its length is no number of keys */
export function createKeySet(initial: Uint8Array = new Uint8Array(), keyBytes: 8 | 16 = 16): KeySet {
  if (initial.length % keyBytes !== 0)
    throw new TypeError(`a key set of ${initial.length} bytes holds no whole number of keys of ${keyBytes} bytes`);
  const wanted = new Uint32Array(keyBytes / 4);
  const tables = tablesFor(initial, wanted.length);
  // The key of zeros would look like a free slot of a table.
  let hasZero = false;
  let size = 0;

  const set: KeySet = {
    get size() {
      return size;
    },
    has(key) {
      readKey(key, 0, wanted);
      if (isZero(wanted)) return hasZero;
      const hash = hashKey(wanted);
      return tableOf(tables, hash).has(wanted, inTable(hash));
    },
    add(key) {
      readKey(key, 0, wanted);
      const hash = hashKey(wanted);
      const isNew = isZero(wanted) ? !hasZero : tableOf(tables, hash).add(wanted, inTable(hash));
      if (isNew) size += 1;
      hasZero ||= isZero(wanted);
      return isNew;
    },
    save(into = new Uint8Array(size * keyBytes)) {
      const view = new DataView(into.buffer, into.byteOffset, size * keyBytes);
      let at = hasZero ? keyBytes : 0;
      into.fill(0, 0, at);
      for (const table of tables) at = table.write(view, at);
      return into;
    },
  };
  for (let at = 0; at < initial.length; at += keyBytes) set.add(initial.subarray(at, at + keyBytes));
  return set;
}

/** Empty tables with room for some keys: keys in their own order would pile up in a table that grows under them. */
function tablesFor(keys: Uint8Array, width: number): readonly KeyTable[] {
  const counts = new Uint32Array(2 ** tableBits);
  const key = new Uint32Array(width);
  for (let at = 0; at < keys.length; at += width * 4) {
    readKey(keys, at, key);
    const number = hashKey(key) >>> (32 - tableBits);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  return Array.from(counts, (count) =>
    createKeyTable({ width, room: count, hashInTable: (one) => inTable(hashKey(one)) }),
  );
}

function tableOf(tables: readonly KeyTable[], hash: number): KeyTable {
  return tables[hash >>> (32 - tableBits)] as KeyTable;
}

/** The part of a hash that did not choose the table. */
function inTable(hash: number): number {
  return (hash << tableBits) >>> 0;
}

function readKey(bytes: Uint8Array, at: number, key: Uint32Array): void {
  for (let word = 0; word < key.length; word += 1) key[word] = readUint32(bytes, at + word * 4);
}

function isZero(key: Uint32Array): boolean {
  for (const word of key) if (word !== 0) return false;
  return true;
}
