import type { Spot, Traps } from './traps.ts';

/** The page to name as the next one, counted from 1, after the traps that lead a client in circles. */
export function nameNextPage(traps: Traps, spot: Spot, next: number | null): number | null {
  const page = spot.page ?? 1;
  if (traps.fire('repeatCursor', spot)) return page;
  if (traps.fire('cursorCycle', spot)) return page === 1 ? 2 : 1;
  return next;
}
