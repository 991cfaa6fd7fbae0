import type { RequestBudget } from './request-budget.ts';

/** The times of requests in epoch milliseconds, by the key they count against, each list rising. */
export type RequestTimes = Map<string, readonly number[]>;

/** The first time, from a given one on, at which one more request keeps every budget. */
export function findRoomMs(times: RequestTimes, budgets: readonly RequestBudget[], fromMs: number): number {
  let roomMs = fromMs;
  for (let before = Number.NaN; before !== roomMs; ) {
    before = roomMs;
    for (const budget of budgets) roomMs = findRoomOfOne(times.get(budget.key) ?? [], budget, roomMs);
  }
  return roomMs;
}

/** Counts a request at a time, once a key. */
export function addRequest(times: RequestTimes, budgets: readonly RequestBudget[], atMs: number): void {
  for (const key of new Set(budgets.map((budget) => budget.key))) {
    const counted = times.get(key) ?? [];
    times.set(key, counted.toSpliced(countUntil(counted, atMs), 0, atMs));
  }
}

function findRoomOfOne(times: readonly number[], budget: RequestBudget, fromMs: number): number {
  let roomMs = fromMs;
  while (!hasRoom(times, budget, roomMs)) {
    // Room appears only where a request leaves the stretch.
    const leaving = times[countUntil(times, roomMs - budget.perMs)] ?? roomMs;
    roomMs = leaving + budget.perMs;
  }
  return roomMs;
}

/** Whether no `requests + 1` in a row, the new one among them, are closer together than the budget's stretch. */
function hasRoom(times: readonly number[], { requests, perMs }: RequestBudget, atMs: number): boolean {
  const place = countUntil(times, atMs);
  const all = times
    .slice(Math.max(0, place - requests), place + requests)
    .toSpliced(Math.min(place, requests), 0, atMs);
  return all.every((firstMs, index) => (all[index + requests] ?? Number.POSITIVE_INFINITY) - firstMs >= perMs);
}

/** How many of rising times are at or before a time. */
function countUntil(times: readonly number[], atMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
