import * as z from 'zod/mini';
import { isFeedError } from '../../model/feed-error.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Page } from '../../model/page.ts';
import { bearerAuthorization } from '../http/authorization.ts';
import { digestSecret } from '../http/digest-secret.ts';
import { dropAbsent, presentText } from '../http/drop-absent.ts';
import type { HttpClient, HttpRequest } from '../http/http-client.ts';
import { writeNestedQuery } from '../http/nested-query.ts';
import { readCursor, writeCursor } from '../http/page-cursor.ts';
import { readPresence } from '../http/read-presence.ts';
import { readRows } from '../http/read-rows.ts';
import { readShape } from '../http/read-shape.ts';
import type { RequestBudget } from '../http/request-budget.ts';
import { requireCredential } from '../http/require-credential.ts';
import { unlessRefused } from '../http/unless-refused.ts';
import type { PageRequest, Vendor, VendorTarget } from '../vendor.ts';
import { projectWithout, toUser, trutoLeftOut, trutoProjection } from './to-user.ts';
import {
  explainTrutoFailure,
  readRateLimitReset,
  readSupportedParameters,
  trutoAccountId,
  trutoEmailFilter,
  trutoExcludable,
  trutoGroupFilter,
  trutoList,
  trutoRoleFilter,
  trutoSortFields,
  trutoStatusFilter,
  trutoTimeFilter,
  trutoUser,
} from './wire.ts';

const noUsersPerPage = 'expected at least 1: a page of no users would look like an empty list';
const keyedResult = 'refused: in an object by that field, users that share a value of it vanish without a word';
const otherFormats =
  'expected "unified": raw and normalized are not in the shape this vendor reads, and stream is no JSON document';

const since = 'Narrows the list by when a user was';
const only = (what: string) =>
  z.optional(z.string().check(z.minLength(1), z.describe(`Narrows the list to users ${what}.`)));
const oneOf = <const Words extends readonly string[]>(words: Words, what: string) =>
  z.optional(z.enum(words).check(z.describe(what)));
const flag = (what: string) => z.optional(z.boolean().check(z.describe(what)));
const those = <Filter extends z.ZodMiniType>(what: string, filter: Filter) =>
  z.optional(z.array(filter).check(z.minLength(1), z.describe(`Narrows the list by the ${what} of a user.`)));

/**
 * Truto's own list parameters. Not here: `next_cursor`, which a sweep sets. A filter that the back end of the account
 * does not support is ignored without a word: `describeSupport` asks which ones those are.
 *
 * Source: truto.one/docs/api-reference/unified-user-directory-api/users/list, query parameters (stored copy, 2026-11),
 * but `limit`: truto.one/docs/api-reference/overview/pagination (stored copy, 2026-11), without default and maximum.
 */
const options = z.strictObject({
  // Without it, users of another account under a new token would look like the same directory.
  integratedAccountId: z.optional(
    trutoAccountId.check(
      z.describe('The account whose users are listed. An account token implies it; then set directoryId instead.'),
    ),
  ),
  firstName: only('of this first name'),
  lastName: only('of this last name'),
  name: only('of this name'),
  email: only('of this e-mail address'),
  username: only('of this user name'),
  title: only('of this title'),
  emails: those('e-mail addresses', trutoEmailFilter),
  status: z.optional(trutoStatusFilter.check(z.describe('One status, or several: {"in": ["active", "invited"]}.'))),
  userType: oneOf(['admin', 'end_user', 'limited', 'machine', 'user'], 'Narrows the list to one type of user.'),
  roleId: only('with this role'),
  roles: those('roles', trutoRoleFilter),
  groupId: only('in this group'),
  groups: those('groups', trutoGroupFilter),
  workspaceId: only('of this workspace'),
  organizationId: only('of this organization'),
  orgId: only('of this organization, where the back end has one by this name'),
  orgUnitPath: only('of this organizational unit, by its full path'),
  customerId: only('of this customer'),
  product: oneOf(
    ['analytics', 'azure_active_directory', 'onedrive', 'sharepoint', 'teams', 'workspace'],
    'The product whose users are listed.',
  ),
  createdAt: z.optional(trutoTimeFilter.check(z.describe(`${since} created, e.g. {"gt": "2026-01-01T00:00:00Z"}.`))),
  updatedAt: z.optional(trutoTimeFilter.check(z.describe(`${since} last updated, like createdAt.`))),
  includeInherited: flag('Lists inherited members too, with a group or workspace.'),
  includeLastLoginAt: flag('Asks for the time of the last login, which never counts as a change.'),
  sortBy: oneOf(trutoSortFields, 'The order of the list, where the back end supports it.'),
  limit: z.optional(
    z.int().check(z.minimum(1, noUsersPerPage), z.describe('Users per page; else the back end decides.')),
  ),
  remoteQuery: z.optional(
    z
      .record(z.string().check(z.regex(/^[^[\]]+$/)), z.json())
      .check(z.describe('Parameters for the back end itself, passed on as they are; part of the scope.')),
  ),
  trutoIgnoreLimit: flag('Has Truto ignore the limit.'),
  trutoIgnoreRemoteData: z
    ._default(z.boolean(), true)
    .check(z.describe('Leaves out the record of the back end, which is never read.')),
  trutoExcludeFields: z.optional(
    z
      .array(trutoExcludable)
      .check(z.minLength(1), z.describe('Fields that are not sent; then they do not count as a change.')),
  ),
  trutoResponseFormat: z.optional(
    z.literal('unified', otherFormats).check(z.describe('The only form that can be read.')),
  ),
  trutoKeyBy: z.optional(z.never(keyedResult).check(z.describe('Refused: users would vanish without a word.'))),
});
export type TrutoOptions = z.infer<typeof options>;
type Target = VendorTarget<TrutoOptions>;

/** What shapes the answer or its pages; every other option narrows the list. */
const notNarrowing = [
  'integratedAccountId includeLastLoginAt sortBy limit trutoIgnoreLimit trutoIgnoreRemoteData trutoExcludeFields',
  'trutoResponseFormat trutoKeyBy',
].flatMap((line) => line.split(' '));

const cursorContent = z.object({ cursor: z.string().check(z.minLength(1)) });
const usersPath = '/unified/user-directory/users';

/** Truto: the users of one integrated account, asked live of whatever back end stands behind it. */
export const truto: Vendor<TrutoOptions> = {
  id: 'truto',
  title: 'Truto user directory',
  mappingVersion: 1,
  projection: trutoProjection,
  projectionFor: ({ trutoExcludeFields }) => projectWithout(trutoExcludeFields ?? []),
  leftOut: trutoLeftOut,
  options,
  credentialSets: [['token']],
  // Source: truto.one/docs/api-reference/overview/introduction (stored copy, 2026-11).
  defaultBaseUrl: () => 'https://api.truto.one',
  account: ({ integratedAccountId }) => integratedAccountId,
  scope: narrowingOf,
  delta: {
    rivals: ['updatedAt'],
    // A meta route that says nothing leaves open whether the filter does anything.
    supports: async (target, { http }) =>
      (await unlessRefused(readMeta(target, http)))?.includes('updated_at[gt]') ?? false,
  },
  proves: {
    endSignal: 'next_cursor is null, empty or absent',
    total: 'none',
    delta: 'updated_at[gt], where the back end supports it',
    probe: `GET ${usersPath}/{id}`,
    deletionsVisible: 'status deleted or disappearance, by back end',
    notFound: 'nothing',
  },
  budgets: budgetsOf,
  async fetchPage(ask, { http }): Promise<Page> {
    const request = buildRequest(ask, usersPath, parametersOf(ask));
    if (ask.cursor !== undefined)
      request.url.searchParams.set('next_cursor', readCursor(ask.cursor, cursorContent, request).cursor);
    const answer = await http.requestJson(request);
    const list = readShape(answer, trutoList, 'a list of users', request);
    const next = presentText(list.next_cursor);
    // Whatever says anything but "no" counts: an incomplete list must not pass for a complete one.
    const isWhole = [undefined, null, false].some((no) => list.is_partial_response === no);
    return {
      ...readRows(list.result, { schema: trutoUser, toUser }),
      // An empty page is not the end: mappings drop records, and Truto's own Python SDK stops there too early.
      // Source: trutohq/truto-skills skills/truto-jsonata/references/usage-in-truto.md@f792f61.
      next: next === undefined ? null : writeCursor({ cursor: next }),
      evidence: isWhole ? {} : { vetoes: ['is_partial_response'] },
      observedAt: answer.receivedAt,
      ...(answer.retries === 0 ? {} : { retries: answer.retries }),
    };
  },
  /** A 404 may mean the account as well as the user. Source: error-and-evidence-model.md@f792f61, status codes. */
  async probeUser(ask, { http }) {
    const path = `${usersPath}/${encodeURIComponent(ask.userId)}`;
    const request = buildRequest(ask, path, { truto_ignore_remote_data: true });
    try {
      const presence = await readPresence(ask.userId, request, (sent) => http.requestJson(sent));
      return presence === 'present' ? 'present' : 'unknown';
    } catch (error) {
      // It did answer, whatever it was.
      if (isFeedError(error) && 'status' in error.context) return 'unknown';
      throw error;
    }
  },
  async describeSupport(target, { http }) {
    const parameters = await readMeta(target, http);
    if (parameters === undefined) return undefined;
    const supported = new Set(parameters.map((name) => name.replace(/\[.*/, '')));
    const { remoteQuery: _, ...filters } = narrowingOf(target.options);
    const { sortBy, includeLastLoginAt } = target.options;
    const asked = Object.keys(dropAbsent({ ...filters, sortBy, includeLastLoginAt }));
    return { parameters, ignoredOptions: asked.filter((option) => !supported.has(spell(option))) };
  },
};

function narrowingOf(set: TrutoOptions): JsonObject {
  const filled = dropAbsent(set) as JsonObject;
  return Object.fromEntries(Object.entries(filled).filter(([name]) => !notNarrowing.includes(name)));
}

/** Source: error-and-evidence-model.md@f792f61, "Rate limits". An account token stands for its one account. */
function budgetsOf({ baseUrl, credentials, options: set }: Target): readonly RequestBudget[] {
  const token = digestSecret(credentials.token ?? '');
  const key = (...parts: readonly string[]) => JSON.stringify([truto.id, baseUrl, ...parts]);
  return [
    { key: key('account', set.integratedAccountId ?? token), requests: 50, perMs: 10_000 },
    { key: key('token', token), requests: 500, perMs: 10_000 },
  ];
}

const readMeta = async (target: Target, http: HttpClient) =>
  readSupportedParameters((await http.requestJson(buildRequest(target, `${usersPath}/meta/list`, {}))).body);

function buildRequest({ connectionId, baseUrl, credentials, options: set }: Target, path: string, query: JsonObject) {
  const place = { vendor: truto.id, connectionId, url: new URL(`${baseUrl}${path}`) };
  const token = requireCredential(credentials, 'token', place);
  const account = dropAbsent({ integrated_account_id: set.integratedAccountId });
  for (const [name, value] of writeNestedQuery({ ...account, ...query })) place.url.searchParams.append(name, value);
  return {
    ...place,
    secrets: [token],
    headers: { authorization: bearerAuthorization(token) },
    explain: (failure) => explainTrutoFailure(failure, place.url.searchParams.has('next_cursor')),
    readRetryAfterMs: readRateLimitReset,
  } satisfies HttpRequest;
}

/**
 * Every option as Truto spells it, the same with every page. Lists stand behind empty brackets, but for the two that are
 * documented with commas.
 *
 * Source: truto.one/docs/api-reference/overview/querying (stored copy, 2026-11); trutohq/truto-skills
 * skills/truto/references/unified-api.md@f792f61 (`truto_exclude_fields`), rules/truto-api.mdc@f792f61 (`[in]`).
 */
function parametersOf({ options: set, updatedSince }: PageRequest<TrutoOptions>): JsonObject {
  const { integratedAccountId: _, trutoKeyBy: __, status, emails, remoteQuery, trutoExcludeFields, ...rest } = set;
  const plain = Object.entries(dropAbsent(rest) as JsonObject).map(([name, value]) => [spell(name), value] as const);
  return dropAbsent({
    ...Object.fromEntries(plain),
    ...(updatedSince === undefined ? {} : { updated_at: { gt: updatedSince } }),
    status: typeof status === 'object' ? { in: status.in.join(',') } : status,
    emails: emails?.map(({ isPrimary, ...email }) => dropAbsent({ ...email, is_primary: isPrimary })),
    remote_query: remoteQuery,
    truto_exclude_fields: trutoExcludeFields?.join(','),
  }) as JsonObject;
}

function spell(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
