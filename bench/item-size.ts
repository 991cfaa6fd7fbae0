/** An item as the document client takes and gives it. */
export type StoredItem = Readonly<Record<string, unknown>>;

/**
 * Bytes of an item by which the service reckons its units: names and values, without what it adds for storage.
 * Source: AWS DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
export function itemBytes(item: StoredItem): number {
  return Object.entries(item)
    .filter(([, value]) => value !== undefined)
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

/** A list or a map has 3 bytes of its own, and 1 for each element. */
const collectionBytes = 3;

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return collectionBytes + value.reduce<number>((sum, one) => sum + 1 + valueBytes(one), 0);
  if (typeof value === 'object' && value !== null)
    return collectionBytes + Object.values(value).filter(isThere).length + itemBytes(value as StoredItem);
  return 1;
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}

/** A byte for every two significant digits, counted from the decimal point, one more, and one for a minus. */
function numberBytes(value: number): number {
  if (value === 0) return 1;
  const [mantissa = '', exponent] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '').length;
  const aloneInFront = Number(exponent) % 2 === 0 ? 1 : 0;
  return 1 + Math.ceil((digits + aloneInFront) / 2) + (value < 0 ? 1 : 0);
}
