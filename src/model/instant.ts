declare const brand: unique symbol;

/** A point in time as ISO-8601 in UTC with milliseconds: `2026-11-23T08:15:30.000Z`. Sorts as text. */
export type Instant = string & { readonly [brand]: 'Instant' };

/** The instant of an epoch time in milliseconds. */
export function instant(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

/** Epoch milliseconds of an instant. */
export function epochMs(at: Instant): number {
  return Date.parse(at);
}

const dateTime = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;
/** In UTC, to the second or millisecond, on a day that every month has. */
const plain = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/**
 * Reads a vendor's date-time in ISO-8601; one without a zone is read as UTC, whatever zone this machine is in.
 * Undefined for anything else, and for years that four digits do not hold.
 */
export function readInstant(text: unknown): Instant | undefined {
  if (typeof text !== 'string') return undefined;
  // Most vendors write it as it is kept: a quarter of the time of reading and writing the date.
  if (plain.test(text)) return (text.length === 20 ? `${text.slice(0, 19)}.000Z` : text) as Instant;
  const match = dateTime.exec(text);
  if (match === null) return undefined;
  const [whole, zone] = match;
  const ms = Date.parse(whole.length > 10 && zone === undefined ? `${whole}Z` : whole);
  const read = Number.isNaN(ms) ? undefined : instant(ms);
  return read !== undefined && /^\d{4}-/.test(read) ? read : undefined;
}
