const numbering = ['first', 'offset', 'page'];

/**
 * Where a page stands in its list, by what it was asked for with: pages are fetched ahead of time, in any order. Not a
 * number where each page is known by the page before alone, so that none is fetched ahead.
 */
export function placeOfPage(query: string | undefined): number {
  const parameters = new URLSearchParams(query);
  // Goes on from the last one who was listed: its pages are numbered anew from there.
  if (parameters.has('created_at_from')) return Number.NaN;
  const number = numbering.map((name) => parameters.get(name)).find((value) => value !== null);
  return Number(number ?? Number.NaN);
}
