import * as z from 'zod/mini';

/** Pages overlap by so many rows, but by no more than half a page. */
const maxOverlap = 5;

/**
 * What the next page has to begin with: the ids that this one ended with, in order, and by how many rows it fell short
 * of what was asked. Rows that dropped out may be counted all the same, and then the next page begins earlier.
 */
export const overlapMark = z.object({
  tail: z.array(z.string()).check(z.maxLength(maxOverlap)),
  shortBy: z.int().check(z.minimum(0)),
});
export type OverlapMark = z.infer<typeof overlapMark>;

/** How many of so many rows the next page shows again. */
export function overlapOf(rowCount: number): number {
  return Math.min(maxOverlap, Math.floor(rowCount / 2));
}

/** The mark of a page with these ids, of which so many were asked for. */
export function markOverlap(ids: readonly string[], askedCount: number): OverlapMark {
  const count = overlapOf(ids.length);
  return { tail: ids.slice(ids.length - count), shortBy: Math.max(0, askedCount - ids.length) };
}

/**
 * How many rows a page repeats of the page before: all up to the tail, which stands at its beginning, or later by as
 * many rows as may have dropped out. `stuck`: the page ends where the page before ended. `moved`: the tail stands
 * elsewhere or nowhere, so rows have come, gone or changed places, and somebody may have been skipped.
 */
export function countRepeatedRows(ids: readonly string[], { tail, shortBy }: OverlapMark): number | 'moved' | 'stuck' {
  const standsAt = (start: number) => tail.every((id, at) => ids[start + at] === id);
  // Behind the last row nothing stands, by however many rows a page fell short of what was asked.
  const last = Math.min(shortBy, ids.length);
  for (let start = 0; start <= last; start += 1) if (standsAt(start)) return start + tail.length;
  return standsAt(ids.length - tail.length) ? 'stuck' : 'moved';
}

/** The id of each row as text; empty where a row has none. */
export function idsOfRows(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => {
    const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
    return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  });
}
