import * as z from 'zod/mini';
import type { SimulatedPerson } from '../simulated-person.ts';
import { creatorOf, updaterOf, userTypeOf } from './delay-row.ts';

/** How the server compares `created_at_from`, which the document leaves open. */
export type FromReading = {
  readonly isExclusive: boolean;
  readonly isByTheSecond: boolean;
  readonly isIgnored: boolean;
};

const number = z.string().check(z.regex(/^[1-9]\d{0,8}$/));
const dateTime = z.iso.datetime({ offset: true });

/** Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users, query parameters; hive.docs.delay.dev/pagination.html
 *  for `per_page` (stored copies). Assumed: the search is called `search`, and unknown parameters are ignored. */
const parameters = z.object({
  page: z.optional(number),
  page_size: z.optional(number),
  per_page: z.optional(number),
  sort_by: z.optional(z.string()),
  sort_order: z.optional(z.enum(['asc', 'desc'])),
  id: z.optional(z.string()),
  created_by: z.optional(z.string()),
  updated_by: z.optional(z.string()),
  user_type: z.optional(z.string()),
  status: z.optional(z.string()),
  created_at_from: z.optional(dateTime),
  created_at_to: z.optional(dateTime),
  updated_at_from: z.optional(dateTime),
  updated_at_to: z.optional(dateTime),
  search: z.optional(z.string()),
});
export type DelayQuery = z.output<typeof parameters>;

/** Assumed: these are the names, of which the document lists none. */
const sortable: Readonly<Record<string, (person: SimulatedPerson) => string>> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  identifier: ({ userName }) => userName,
  name: ({ givenName, familyName }) => `${givenName} ${familyName}`,
  email: ({ email }) => email,
};

export const maxPageSize = 100;

/** The query, or the name of the parameter that is at fault. */
export function parseDelayQuery(sent: URLSearchParams): DelayQuery | { readonly invalid: string } {
  const parsed = parameters.safeParse(Object.fromEntries(sent));
  if (!parsed.success) return { invalid: String(parsed.error.issues[0]?.path[0]) };
  const { page_size = '1', per_page = '1', sort_by } = parsed.data;
  if (Number(page_size) > maxPageSize) return { invalid: 'page_size' };
  if (Number(per_page) > maxPageSize) return { invalid: 'per_page' };
  return sort_by !== undefined && !Object.hasOwn(sortable, sort_by) ? { invalid: 'sort_by' } : parsed.data;
}

export function needsMetadata({ id, created_by, updated_by }: DelayQuery): boolean {
  return (id ?? created_by ?? updated_by) !== undefined;
}

/** Assumed: "before" is exclusive, `updated_at_from` inclusive, and the search looks for a part whatever its case. */
export function matchesDelayQuery(person: SimulatedPerson, query: DelayQuery, from: FromReading): boolean {
  const searched = [person.id, person.email, person.givenName, person.familyName].join(' ').toLowerCase();
  return (
    (query.id ?? person.id) === person.id &&
    (query.created_by ?? creatorOf(person)) === creatorOf(person) &&
    (query.updated_by ?? updaterOf(person)) === updaterOf(person) &&
    (query.user_type ?? userTypeOf(person)) === userTypeOf(person) &&
    (query.status ?? person.status) === person.status &&
    isFrom(person.createdAt, query.created_at_from, from) &&
    isBefore(person.createdAt, query.created_at_to) &&
    isFrom(person.updatedAt, query.updated_at_from, { isExclusive: false, isByTheSecond: false, isIgnored: false }) &&
    isBefore(person.updatedAt, query.updated_at_to) &&
    searched.includes((query.search ?? '').toLowerCase())
  );
}

/** In the order asked for, ties and a list without an order as they were inserted. */
export function sortPeople(people: readonly SimulatedPerson[], { sort_by, sort_order }: DelayQuery): SimulatedPerson[] {
  const textOf = sortable[sort_by ?? ''];
  if (textOf === undefined) return [...people];
  const sign = sort_order === 'desc' ? -1 : 1;
  return people.toSorted((a, b) => sign * compare(textOf(a), textOf(b)) || a.number - b.number);
}

function isFrom(at: string, from: string | undefined, { isExclusive, isByTheSecond, isIgnored }: FromReading): boolean {
  if (from === undefined || isIgnored) return true;
  const [left, right] = [Date.parse(at), Date.parse(from)].map((ms) => (isByTheSecond ? Math.floor(ms / 1000) : ms));
  return isExclusive ? (left ?? 0) > (right ?? 0) : (left ?? 0) >= (right ?? 0);
}

function isBefore(at: string, to: string | undefined): boolean {
  return to === undefined || Date.parse(at) < Date.parse(to);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
