import * as z from 'zod/mini';
import type { SimulatedPerson } from '../simulated-person.ts';

export type TrutoQuery = {
  readonly start: number;
  readonly size: number;
  readonly hasCursor: boolean;
  readonly keyBy: string | null;
  readonly withRemoteData: boolean;
  readonly excluded: readonly string[];
  readonly asksForUpdated: boolean;
  /** Whether somebody passes all filters but those on some fields. */
  readonly matches: (person: SimulatedPerson, ignored?: readonly string[]) => boolean;
};
export type InvalidParameter = { readonly invalid: string };

/** Assumed: the documentation states neither a default nor a maximum. */
const defaultSize = 50;

type Test = (person: SimulatedPerson, value: string) => boolean;

/** What the simulated back end can filter by. Whatever else is asked for is ignored without a word, as at every back end
 *  that does not support it. Source: truto.one/docs/guides/how-truto-works/realtime-unified-apis-considerations. */
const filters: Readonly<Record<string, Test>> = {
  status: ({ status }, value) => status === value,
  'status[in]': ({ status }, value) => value.split(',').includes(status),
  name: ({ givenName, familyName }, value) => `${givenName} ${familyName}` === value,
  username: ({ userName }, value) => userName === value,
  email: (person, value) => person.email === value,
  'emails[0][email]': (person, value) => person.email === value,
  group_id: ({ groups }, value) => groups.some((group) => `g-${group}` === value),
  'updated_at[gt]': ({ updatedAt }, value) => Date.parse(updatedAt) > Date.parse(value),
  'updated_at[gte]': ({ updatedAt }, value) => Date.parse(updatedAt) >= Date.parse(value),
};

const querySchema = {
  status: { type: 'string' },
  name: { type: 'string' },
  username: { type: 'string' },
  email: { type: 'string' },
  emails: { type: 'array', items: { type: 'object', properties: { email: { type: 'string' } } } },
  group_id: { type: 'string' },
  updated_at: {
    type: 'object',
    properties: { gt: { type: 'string', format: 'date-time' }, gte: { type: 'string', format: 'date-time' } },
  },
  limit: { type: 'integer' },
};

/** The answer of the meta route. Source: trutohq/truto-skills skills/truto/references/unified-api.md@f792f61, which
 *  names the members. Assumed: `query_schema` is a JSON Schema, as it is in integration files. */
export function writeListMeta(unlisted: readonly string[]) {
  const listed = Object.entries(querySchema).filter(([name]) => !unlisted.includes(name));
  return {
    method: 'list',
    schema: { type: 'object' },
    documentation_link: null,
    response_mapping: '',
    query_schema: { type: 'object', properties: Object.fromEntries(listed) },
    default_query: {},
    default_body: {},
  };
}

/** `attempt` tells a cursor from an earlier one to the same place. */
const cursor = z.strictObject({ offset: z.int().check(z.minimum(0)), attempt: z.optional(z.int()) });

/** A place in the list and nothing else: a client that does not repeat its filters gets rows of another list. */
export function writeCursor(offset: number, attempt?: number): string {
  return Buffer.from(JSON.stringify({ offset, attempt })).toString('base64url');
}

export function parseTrutoQuery(parameters: URLSearchParams): TrutoQuery | InvalidParameter {
  const limit = parameters.get('limit');
  if (limit !== null && !/^[1-9]\d*$/.test(limit)) return { invalid: 'limit must be a positive number' };
  const format = parameters.get('truto_response_format') ?? 'unified';
  if (format !== 'unified') return { invalid: `this simulator answers no ${format} users` };
  // The TypeScript SDK sends an empty cursor first. Source: trutohq/truto-ts-sdk src/pagination.ts@6b5fe7e.
  const sent = parameters.get('next_cursor') ?? '';
  const place = sent === '' ? { offset: 0 } : parseCursor(sent);
  if (place === null) return { invalid: 'next_cursor is not valid' };
  const size = parameters.get('truto_ignore_limit') === 'true' ? null : limit;
  return {
    start: place.offset,
    size: Number(size ?? defaultSize),
    hasCursor: sent !== '',
    keyBy: parameters.get('truto_key_by'),
    withRemoteData: parameters.get('truto_ignore_remote_data') !== 'true',
    excluded: (parameters.get('truto_exclude_fields') ?? '').split(','),
    asksForUpdated: [...parameters.keys()].some((name) => fieldOf(name) === 'updated_at'),
    matches: (person, ignored = []) =>
      [...parameters].every(([name, value]) => ignored.includes(fieldOf(name)) || passes(person, name, value)),
  };
}

/** The field that a parameter is about: `updated_at` of `updated_at[gt]`. */
function fieldOf(name: string): string {
  return name.replace(/\[.*/, '');
}

function passes(person: SimulatedPerson, name: string, value: string): boolean {
  return !Object.hasOwn(filters, name) || filters[name]?.(person, value) === true;
}

function parseCursor(text: string): z.output<typeof cursor> | null {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return null;
  }
}
