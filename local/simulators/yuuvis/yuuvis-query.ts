import type { SimulatedPerson } from '../simulated-person.ts';

export type YuuvisQuery = {
  readonly first: number;
  readonly max: number;
  readonly isBrief: boolean;
  matches(person: SimulatedPerson): boolean;
};
export type InvalidParameter = { readonly invalid: string };

/** Source of the names: response example for `max` and `briefRepresentation`, yuuvisdevelop.atlassian.net/wiki/spaces/
 *  YM22WI/pages/320050089 for `first` and `search` (stored copies). Assumed: without them a page has 100 brief users. */
export function parseYuuvisQuery(parameters: URLSearchParams): YuuvisQuery | InvalidParameter {
  const [first, max] = [parameters.get('first') ?? '0', parameters.get('max') ?? '100'];
  if (!/^\d+$/.test(first)) return { invalid: 'first' };
  if (!/^\d+$/.test(max)) return { invalid: 'max' };
  const brief = parameters.get('briefRepresentation') ?? 'true';
  if (brief !== 'true' && brief !== 'false') return { invalid: 'briefRepresentation' };
  const search = (parameters.get('search') ?? '').toLowerCase();
  return {
    first: Number(first),
    max: Number(max),
    isBrief: brief === 'true',
    matches: ({ userName, email, givenName, familyName }) =>
      [userName, email, givenName, familyName].some((text) => text.toLowerCase().includes(search)),
  };
}

/** By user name. Source: keycloak JpaUserProvider.java@01a42f4. */
export function compareByUserName(a: SimulatedPerson, b: SimulatedPerson): number {
  return a.userName < b.userName ? -1 : a.userName > b.userName ? 1 : a.number - b.number;
}

/** Numbers the pages of a walk by where they end: they may overlap, so where they begin says nothing. */
export function createPageNumbers(): (query: YuuvisQuery) => number {
  let ends: readonly number[] = [];
  return ({ first, max }) => {
    const end = first + max;
    ends = first === 0 ? [end] : [...ends.filter((earlier) => earlier < end), end];
    return first === 0 ? 1 : Math.max(2, ends.length);
  };
}
