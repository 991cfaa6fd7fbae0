import { itemBytes, type StoredItem } from './item-size.ts';

/** Source: AWS DynamoDB Developer Guide, "DynamoDB read and write operations". */
const readUnitBytes = 4096;
const writeUnitBytes = 1024;

/** What a read found, whole: a projection lowers no units. */
export type ReadFound = { readonly items: readonly StoredItem[]; readonly isConsistent: boolean };

/** Single items are rounded up one by one, and one that is missing costs as much as the smallest. */
export function unitsOfGets({ items, isConsistent }: ReadFound, missing: number): number {
  const units = items.reduce((sum, item) => sum + unitsOfBytesRead(itemBytes(item)), missing);
  return isConsistent ? units : units / 2;
}

/** The items of one answer are added up first, and then rounded. */
export function unitsOfQuery({ items, isConsistent }: ReadFound): number {
  const units = unitsOfBytesRead(items.reduce((sum, item) => sum + itemBytes(item), 0));
  return isConsistent ? units : units / 2;
}

/** A write costs the larger of what was there and what is there then, whether its condition holds or not. */
export function unitsOfWrite(before: StoredItem | undefined, after: StoredItem | undefined): number {
  const bytes = Math.max(...[before, after].map((item) => (item === undefined ? 0 : itemBytes(item))));
  return unitsOfBytes(bytes, writeUnitBytes);
}

/** Strongly consistent. */
export function unitsOfBytesRead(bytes: number): number {
  return unitsOfBytes(bytes, readUnitBytes);
}

function unitsOfBytes(bytes: number, perUnit: number): number {
  return Math.max(1, Math.ceil(bytes / perUnit));
}
