/** Vendors' parameters that number pages, and the number of the first one. */
const numbering: ReadonlyMap<string, number> = new Map([
  ['first', 0],
  ['offset', 1],
  ['page', 1],
]);
/** Those that go on from the page before; where there is a number beside them, it begins anew from there. */
const goingOn = ['cursor', 'next_cursor', 'created_at_from'];

/** Whether a list begins with the page that was asked for so. */
export function isFirstPage(query: string): boolean {
  const parameters = new URLSearchParams(query);
  if (goingOn.some((name) => parameters.has(name))) return false;
  return [...numbering].every(([name, first]) => Number(parameters.get(name) ?? first) === first);
}

/**
 * Where a page stands in its list, by what it was asked for with: pages are fetched ahead of time, in any order. Not a
 * number where each page is known by the page before alone, so that none is fetched ahead.
 */
export function placeOfPage(query: string | undefined): number {
  const parameters = new URLSearchParams(query);
  if (goingOn.some((name) => parameters.has(name))) return Number.NaN;
  const number = [...numbering.keys()].map((name) => parameters.get(name)).find((value) => value !== null);
  return Number(number ?? Number.NaN);
}
