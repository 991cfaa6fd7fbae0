import * as z from 'zod/mini';
import type { HttpExplanation, HttpFailure } from '../http/http-client.ts';

/** Validation is loose: a field may be absent, null or empty, and only a value of the wrong type rejects its row. */
const text = z.nullish(z.string());
const count = z.int().check(z.minimum(0));
const positive = z.int().check(z.minimum(1));

/**
 * One page. The document's own sample lacks `pageSize` and `offset`, so neither is required.
 *
 * Left out: `count` (the elements are counted here), `_links` (their addresses are server-relative templates of what
 * the numbers say already).
 *
 * Source: opf/openproject docs/api/apiv3/components/schemas/collection_model.yml, docs/api/apiv3/tags/collections.yml.
 */
export const openprojectList = z.object({
  _type: z.literal('Collection'),
  total: count,
  pageSize: z.nullish(positive),
  offset: z.nullish(positive),
  _embedded: z.object({ elements: z.array(z.unknown()) }),
});

/**
 * A user; `id` is read with the row. What the token may not see is not there. Loose, because an instance names its
 * custom fields itself: `customField3` beside the others, or in `_links` where it refers to something.
 *
 * Source: opf/openproject docs/api/apiv3/components/schemas/user_model.yml@1d77a71, principal_model.yml@a27f373.
 */
export const openprojectUser = z.looseObject({
  _type: z.nullish(z.literal('User')),
  name: text,
  login: text,
  firstName: text,
  lastName: text,
  email: text,
  admin: z.nullish(z.boolean()),
  status: text,
  language: text,
  identityUrl: text,
  avatar: text,
  createdAt: text,
  updatedAt: text,
  _links: z.catch(z.nullish(z.looseObject({})), undefined),
});
export type OpenprojectUser = z.infer<typeof openprojectUser>;

/** Source: opf/openproject app/models/queries/users.rb@4911b8a, docs/api/apiv3/tags/filters.yml@014cb68 (operators). */
const filterName = /^(status|group|name|any_name_attribute|login|blocked|customField[1-9]\d*)$/;
const filterNames =
  'expected one of status, group, name, any_name_attribute, login, blocked or a custom field like customField3';
const oneFilter = 'expected one filter per object: OpenProject reads the first key and ignores the others';
export const openprojectFilter = z
  .record(
    z.string().check(z.regex(filterName, filterNames)),
    z.strictObject({ operator: z.string().check(z.minLength(1), z.maxLength(3)), values: z.array(z.string()) }),
  )
  .check(z.refine((named) => Object.keys(named).length === 1, oneFilter));

/**
 * Source: opf/openproject app/models/queries/users/orders/default_order.rb@0df59a6. `status` is the sample of the
 * document, but not of the source: the instance decides. The source also makes every order total, by id
 * (app/models/queries/base_query.rb@074fd87).
 */
const sortName = /^(id|lastname|firstname|mail|login|name|group|status|customField[1-9]\d*)$/;
const sortNames =
  'expected one of id, lastname, firstname, mail, login, name, group, status or a custom field like customField3';
export const openprojectSortCriterion = z.tuple([
  z.string().check(z.regex(sortName, sortNames)),
  z.enum(['asc', 'desc']),
]);

/**
 * What a custom field of `_links` refers to, e.g. an option of a list.
 *
 * Source: opf/openproject docs/api/apiv3/components/schemas/link.yml.
 */
export const openprojectLink = z.object({ href: text, title: text });
/** A long text. Source: opf/openproject docs/api/apiv3/components/schemas/formattable.yml. */
export const openprojectFormattable = z.object({ format: z.string(), raw: z.nullish(z.string()) });

const identifierPrefix = 'urn:openproject-org:api:v3:errors:';
/** Messages are in the language of the token's user, so only the identifier decides. */
const failureBody = z.object({
  errorIdentifier: z.string(),
  message: text,
  _embedded: z.catch(z.nullish(z.object({ errors: z.array(z.object({ message: text })) })), undefined),
});

type Meaning = { readonly code?: NonNullable<HttpExplanation['code']>; readonly remedy?: string };
const signIn =
  'check the credential, and that the instance accepts this way to sign in (where Basic is switched off, use a token)';
const permission =
  'the user of the credential needs the global permission manage_user, or to be an administrator; whoever is not ' +
  'signed in is told the same, so check the credential too, and that the instance accepts this way to sign in';

/** Source: opf/openproject lib/api/errors, lib/api/v3/users/users_api.rb@4911b8a (manage_user). */
const meanings: { readonly [identifier: string]: Meaning } = {
  Unauthenticated: { code: 'vendor.unauthorized', remedy: signIn },
  MissingPermission: { code: 'vendor.forbidden', remedy: permission },
  InsufficientScope: { code: 'vendor.forbidden', remedy: 'allow the application the scope api_v3' },
  NotFound: { code: 'vendor.not_found' },
  InvalidQuery: { code: 'vendor.rejected_request', remedy: 'check the options filters and sortBy' },
  TooManyRequests: { code: 'vendor.rate_limited' },
  InternalServerError: { code: 'vendor.unavailable' },
};
const remedies: { readonly [status: number]: string } = {
  401: signIn,
  403: permission,
  404: 'the base address is the root of the instance, what stands before /api/v3',
};

/** OpenProject's own words for a failure, and what to do. */
export function explainOpenprojectFailure({ status, body }: HttpFailure): HttpExplanation | undefined {
  const failure = failureBody.safeParse(body);
  if (!failure.success) return remedies[status] === undefined ? undefined : { message: remedies[status] };
  const { errorIdentifier, message, _embedded } = failure.data;
  const identifier = errorIdentifier.replace(identifierPrefix, '');
  const meaning: Meaning = (Object.hasOwn(meanings, identifier) ? meanings[identifier] : undefined) ?? {};
  const details = (_embedded?.errors ?? []).slice(0, 3).map((detail) => detail.message ?? '');
  const words = [`${identifier}: ${message ?? ''}`, ...details, meaning.remedy ?? remedies[status] ?? ''];
  const told = words.filter((part) => part !== '').join('; ');
  return meaning.code === undefined ? { message: told } : { message: told, code: meaning.code };
}
