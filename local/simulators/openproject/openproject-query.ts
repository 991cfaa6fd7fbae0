import * as z from 'zod/mini';
import type { SimulatedPerson } from '../simulated-person.ts';

export type OpenProjectQuery = {
  matches(person: SimulatedPerson): boolean;
  compare(a: SimulatedPerson, b: SimulatedPerson): number;
};
export type InvalidQuery = { readonly invalid: string };

type Operator = '=' | '!' | '~' | '!~';
type Filter = { name: string; operator: string; values: readonly string[] };

const statuses = ['active', 'registered', 'locked', 'invited'];
const filterList = z.array(z.record(z.string(), z.object({ operator: z.string(), values: z.array(z.string()) })));
const sortList = z.array(z.tuple([z.string(), z.enum(['asc', 'desc'])]));
type Order = z.output<typeof sortList>[number];

/** What a filter compares, and how. Source: opf/openproject app/models/queries/users/filters. */
const filterable: Readonly<
  Record<string, { operators: readonly string[]; textsOf(person: SimulatedPerson): string[] }>
> = {
  status: { operators: ['=', '!'], textsOf: ({ status }) => [status] },
  login: { operators: ['=', '!', '~', '!~'], textsOf: ({ userName }) => [userName] },
  name: { operators: ['=', '!', '~', '!~'], textsOf: (person) => [nameOf(person), person.email] },
  // Assumed: by id, as in the documentation's example, though its text says name.
  group: { operators: ['=', '!'], textsOf: ({ groups }) => groups.map((group) => String(group + 1)) },
};

/** Source: app/models/queries/users/orders. `status`, the documentation's own example, is not among them. */
const sortable: Readonly<Record<string, (person: SimulatedPerson) => string | number>> = {
  id: ({ number }) => number,
  lastname: ({ familyName }) => familyName,
  firstname: ({ givenName }) => givenName,
  mail: ({ email }) => email,
  login: ({ userName }) => userName,
  name: nameOf,
};

export function nameOf({ givenName, familyName }: SimulatedPerson): string {
  return `${givenName} ${familyName}`;
}

/** Filters and order of a list request. Ties, and a list without an order, are in descending order of id.
 *  Source: opf/openproject app/models/queries/base_query.rb. */
export function parseOpenProjectQuery(parameters: URLSearchParams): OpenProjectQuery | InvalidQuery {
  const filters = filterList.safeParse(parseJson(parameters.get('filters')));
  if (!filters.success) return { invalid: 'The filters could not be read.' };
  const wanted = filters.data.flatMap((filter) => Object.entries(filter).map(([name, rest]) => ({ name, ...rest })));
  const fault = wanted.map(findFault).find((found) => found !== null);
  if (fault) return { invalid: fault };

  const sort = sortList.safeParse(parseJson(parameters.get('sortBy')));
  const orders = sort.success ? sort.data : [];
  if (!sort.success || orders.some(([key]) => !Object.hasOwn(sortable, key)))
    return { invalid: 'Unknown sort column.' };
  const chain: Order[] = [...orders, ['id', 'desc']];
  return {
    matches: (person) => wanted.every((filter) => matchesFilter(person, filter)),
    compare: (a, b) => compareInTurn(chain, a, b),
  };
}

function findFault({ name, operator, values }: Filter): string | null {
  if (!Object.hasOwn(filterable, name)) return `${name} filter does not exist.`;
  if (!filterable[name]?.operators.includes(operator)) return `${name} filter has an invalid operator.`;
  const isOddStatus = name === 'status' && values.some((value) => !statuses.includes(value));
  return values.length === 0 || isOddStatus ? `${name} filter has invalid values.` : null;
}

function matchesFilter(person: SimulatedPerson, { name, operator, values }: Filter): boolean {
  const texts = (filterable[name]?.textsOf(person) ?? []).map((text) => text.toLowerCase());
  const sought = values.map((value) => value.toLowerCase());
  const isPartEnough = operator === '~' || operator === '!~';
  const isFound = sought.some((value) => texts.some((text) => (isPartEnough ? text.includes(value) : text === value)));
  return isNegated(operator as Operator) ? !isFound : isFound;
}

function isNegated(operator: Operator): boolean {
  return operator === '!' || operator === '!~';
}

function compareInTurn(chain: readonly Order[], a: SimulatedPerson, b: SimulatedPerson): number {
  for (const [key, direction] of chain) {
    const order = compareBy(key, a, b);
    if (order !== 0) return direction === 'asc' ? order : -order;
  }
  return 0;
}

function compareBy(key: string, a: SimulatedPerson, b: SimulatedPerson): number {
  const [left, right] = [sortable[key]?.(a) ?? 0, sortable[key]?.(b) ?? 0];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Null for text that is not JSON, which no schema here accepts; an absent parameter asks for nothing. */
function parseJson(text: string | null): unknown {
  try {
    return text === null ? [] : JSON.parse(text);
  } catch {
    return null;
  }
}
