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

/** Reads a vendor's date-time; undefined for anything that is not one. */
export function readInstant(text: unknown): Instant | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : instant(ms);
}
