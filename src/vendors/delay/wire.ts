import * as z from 'zod/mini';
import type { Instant } from '../../model/instant.ts';
import type { JsonObject } from '../../model/json.ts';
import { dropAbsent } from '../http/drop-absent.ts';
import type { HttpExplanation, HttpFailure } from '../http/http-client.ts';

/** Validation is loose: a field may be absent, null or empty, and only a value of the wrong type rejects its row. */
const text = z.nullish(z.string());

/**
 * One page: a bare array of users. An object is no page, whatever its status says.
 *
 * Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users, response (stored copy, 2026-11).
 */
export const delayList = z.array(z.looseObject({}));

/**
 * A user; `id` is read with the row. `created_by` and `updated_by` are there only for who has metadata permissions.
 *
 * Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users, response (stored copy, 2026-11).
 */
export const delayUser = z.object({
  identifier: text,
  name: text,
  // Not checked for being an address: the document's own sample has none.
  email: text,
  user_type: text,
  status: text,
  created_at: text,
  updated_at: text,
  created_by: text,
  updated_by: text,
});
export type DelayUser = z.infer<typeof delayUser>;

const word = z.string().check(z.minLength(1), z.maxLength(500));
const dateTime = z.iso.datetime({ offset: true, error: 'expected a date-time like 2026-11-23T08:15:30Z' });
/** A parameter that narrows the list. */
const narrowing = <Schema extends z.ZodMiniType<string>>(schema: Schema, description: string) =>
  z.optional(schema.check(z.describe(`Narrows the list to users ${description}.`)));
const needsMetadata = 'the token needs metadata permissions';

const ownParameters =
  /^(page|page_size|per_page|sort_by|sort_order|id|user_type|status|(created|updated)_(by|at_from|at_to))$/;
const searchParameter = z.string().check(
  z.regex(/^\w{1,50}$/, 'expected the name of a query parameter'),
  z.refine(
    (name) => !ownParameters.test(name),
    'expected another parameter than those that have an option of their own',
  ),
);

/**
 * The parameters that narrow the list. `user_type` and `status` are plain text there, not one of a few words; whether
 * the times are inclusive is not said.
 *
 * Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users, query parameters (stored copy, 2026-11).
 */
const filters = {
  id: narrowing(word, `of this id; ${needsMetadata}`),
  createdBy: narrowing(word, `created by the user of this id; ${needsMetadata}`),
  updatedBy: narrowing(word, `last updated by the user of this id; ${needsMetadata}`),
  userType: narrowing(word, 'of one type, e.g. saas_user'),
  status: narrowing(word, 'of one status, e.g. active'),
  createdAtFrom: narrowing(dateTime, 'created after this time'),
  createdAtTo: narrowing(dateTime, 'created before this time'),
  updatedAtFrom: narrowing(dateTime, 'updated after this time'),
  updatedAtTo: narrowing(dateTime, 'updated before this time'),
  search: z.optional(
    z
      .strictObject({
        parameter: searchParameter.check(
          z.describe('The name of the fuzzy search parameter: the document describes it without naming it.'),
        ),
        text: word.check(z.describe('Narrows the list to users whose id, e-mail address or name is like this text.')),
      })
      .check(z.describe('The fuzzy search over id, e-mail address, name and description.')),
  ),
};
/** Source: docs.d3lay.com/api-reference/authentication (stored copy, 2026-11). */
const documentedAudience = 'https://hive.dev.delay.dev/admin/v1';

/** Delay's own list parameters, and how to read the list. Not here: `page`, which a sweep sets. */
export const delayOptions = z.strictObject({
  ...filters,
  sortBy: z.optional(
    word.check(
      z.describe(
        'The field to sort by; the document lists none. Left out: created_at, ascending, the only order in which newcomers move nobody.',
      ),
    ),
  ),
  sortOrder: z.optional(z.enum(['asc', 'desc']).check(z.describe('Ascending or descending.'))),
  pageSize: z._default(z.int().check(z.minimum(1), z.maximum(100)), 100).check(z.describe('Users per page.')),
  // Source of the second name: hive.docs.delay.dev/pagination.html (stored copy, 2026-11).
  pageSizeParameter: z
    ._default(z.enum(['page_size', 'per_page']), 'page_size')
    .check(z.describe('How the page size is called: the reference says page_size, the pagination guide per_page.')),
  paging: z
    ._default(z.enum(['auto', 'pages', 'keyset']), 'auto')
    .check(
      z.describe(
        'pages: by page number. keyset: by created_at_from, where nobody slips through when somebody leaves meanwhile; without it no deletions. auto: keyset where it proves to work, else pages.',
      ),
    ),
  riskyStatus: z
    ._default(z.enum(['unknown', 'suspended', 'active']), 'unknown')
    .check(z.describe('What the status risky is published as; rawStatus is always risky.')),
  audience: z
    ._default(word, documentedAudience)
    .check(z.describe('The audience of the token, where one is fetched with user name and password.')),
});
export type DelayOptions = z.infer<typeof delayOptions>;

/** What narrows the list, by option. */
export function pickFilters(set: DelayOptions): JsonObject {
  const names = Object.keys(filters) as (keyof typeof filters)[];
  return dropAbsent(Object.fromEntries(names.map((name) => [name, set[name]]))) as JsonObject;
}

/**
 * The options that list who changed since then. By page number: the list is short, and whoever slips through it shows
 * in the next full sweep.
 */
export function narrowToChanged(set: DelayOptions, updatedSince: Instant | undefined): DelayOptions {
  return updatedSince === undefined ? set : { ...set, updatedAtFrom: updatedSince, paging: 'pages' };
}

/** What a request for one page says beside the options. */
export type PageParameters = {
  readonly page: number;
  readonly isUnsorted: boolean;
  /** Instead of the option. */
  readonly createdAtFrom: string | undefined;
};

/** The parameters of a list request, as the document spells them. It states no defaults, so page, size and order are always said. */
export function listParameters(set: DelayOptions, { page, isUnsorted, createdAtFrom }: PageParameters) {
  return dropAbsent({
    ...(set.search === undefined ? {} : { [set.search.parameter]: set.search.text }),
    id: set.id,
    created_by: set.createdBy,
    updated_by: set.updatedBy,
    user_type: set.userType,
    status: set.status,
    created_at_from: createdAtFrom ?? set.createdAtFrom,
    created_at_to: set.createdAtTo,
    updated_at_from: set.updatedAtFrom,
    updated_at_to: set.updatedAtTo,
    page: String(page),
    [set.pageSizeParameter]: String(set.pageSize),
    ...(isUnsorted ? {} : { sort_by: set.sortBy ?? 'created_at', sort_order: set.sortOrder ?? 'asc' }),
  });
}

/** Whether the list is asked for in order of creation. */
export function isByCreation({ sortBy = 'created_at', sortOrder = 'asc' }: DelayOptions): boolean {
  return sortBy === 'created_at' && sortOrder === 'asc';
}

const remedies: { readonly [status: number]: string } = {
  400: 'check the options of the connection',
  401: 'check the token: a user app token has an expiry of its own',
  403: 'the token needs the permission to read users, and metadata permissions for id, createdBy and updatedBy',
  404: 'the base address is what stands before /users',
  422: 'check the options of the connection',
};
const maxWordsLength = 300;

/**
 * No error body is documented, so its words are passed on as they are, cut to length, with what to do. A list is none of
 * them: its rows are users.
 */
export function explainDelayFailure({ status, body }: HttpFailure): HttpExplanation | undefined {
  const words =
    body === undefined || Array.isArray(body)
      ? ''
      : (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, maxWordsLength);
  const message = [words, remedies[status] ?? ''].filter((part) => part !== '').join('; ');
  return message === '' ? undefined : { message };
}
