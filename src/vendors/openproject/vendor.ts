import * as z from 'zod/mini';
import type { Page } from '../../model/page.ts';
import { basicAuthorization, bearerAuthorization } from '../http/authorization.ts';
import { fetchOauthToken } from '../http/fetch-oauth-token.ts';
import type { HttpHeaders, HttpJson, HttpRequest } from '../http/http-client.ts';
import { readCursor, writeCursor } from '../http/page-cursor.ts';
import { readPresence } from '../http/read-presence.ts';
import { readRows } from '../http/read-rows.ts';
import { readShape } from '../http/read-shape.ts';
import { requestWithToken, type TokenGrant } from '../http/request-with-token.ts';
import { credentialFault, requireCredential } from '../http/require-credential.ts';
import { vendorFault } from '../http/vendor-fault.ts';
import type { PageRequest, Vendor, VendorIo, VendorTarget } from '../vendor.ts';
import { openprojectLeftOut, openprojectProjection, projectCustomField, toUser } from './to-user.ts';
import {
  explainOpenprojectFailure,
  openprojectFilter,
  openprojectList,
  openprojectSortCriterion,
  openprojectUser,
} from './wire.ts';

const noUsersPerPage =
  'expected at least 1: OpenProject takes 0 for "count only" and negative numbers for its own maximum';
const customFieldName = z.string().check(z.regex(/^customField[1-9]\d*$/, 'expected a name like customField3'));

/** OpenProject's own list parameters, and what to read of a user. Not here: `offset`, which a sweep sets. */
const options = z.strictObject({
  filters: z.optional(
    z
      .array(openprojectFilter)
      .check(z.describe('Narrows the list, e.g. [{"status": {"operator": "=", "values": ["active"]}}].')),
  ),
  sortBy: z.optional(
    z
      .array(openprojectSortCriterion)
      .check(
        z.minLength(1),
        z.describe('The order of the list. Left out: by id, the only order in which newcomers move nobody.'),
      ),
  ),
  pageSize: z
    ._default(z.int().check(z.minimum(1, noUsersPerPage)), 1000)
    .check(z.describe('Users per page; the instance may lower it.')),
  customFields: z
    ._default(z.array(customFieldName), [])
    .check(z.describe('Custom fields to read; then they count as a change.')),
});
export type OpenprojectOptions = z.infer<typeof options>;

/** The number of the next page, in pages of the size that the instance used for the first one. */
const cursorContent = z.object({ offset: z.int().check(z.minimum(2)), pageSize: z.int().check(z.minimum(1)) });
type Position = z.infer<typeof cursorContent>;
type Target = VendorTarget<OpenprojectOptions>;
type Ask = PageRequest<OpenprojectOptions>;

/** OpenProject: the users of an instance. */
export const openproject: Vendor<OpenprojectOptions> = {
  id: 'openproject',
  title: 'OpenProject users',
  mappingVersion: 1,
  leftOut: openprojectLeftOut,
  projection: openprojectProjection,
  projectionFor: ({ customFields }) => [
    ...openprojectProjection,
    ...[...new Set(customFields)].map(projectCustomField),
  ],
  options,
  credentialSets: [['apiKey'], ['token'], ['clientId', 'clientSecret'], ['clientId', 'clientSecret', 'tokenUrl']],
  defaultBaseUrl: () => undefined,
  account: () => undefined,
  scope: ({ filters }) => (filters === undefined || filters.length === 0 ? {} : { filters }),
  proves: {
    endSignal: 'offset × pageSize reaches total',
    total: 'hard',
    delta: 'none',
    probe: 'GET /api/v3/users/{id}',
    deletionsVisible: 'disappearance, often after status locked',
    notFound: 'user_gone',
  },
  async fetchPage(ask, io): Promise<Page> {
    const position = readPosition(ask);
    const request = buildRequest(ask, position);
    return readPage(await send(request, ask, io), request, ask, position);
  },
  pageAt({ next, evidence: { total = 0 } }, ahead) {
    if (next === null) return undefined;
    const { offset, pageSize } = cursorContent.parse(JSON.parse(next));
    const pagesBefore = offset + ahead - 1;
    return pagesBefore * pageSize < total ? writeCursor({ offset: pagesBefore + 1, pageSize }) : undefined;
  },
  // Source: opf/openproject docs/api/apiv3/paths/user.yml. A login is accepted in place of an id.
  async probeUser(ask, io) {
    if (!/^[1-9]\d*$/.test(ask.userId)) return 'unknown';
    const place = placeOf(ask);
    const request = { ...place, ...reading, url: new URL(`${place.url}/${ask.userId}`) };
    return readPresence(ask.userId, request, (asked) => send(asked, ask, io));
  },
};

function placeOf({ connectionId, baseUrl }: Target) {
  return { vendor: openproject.id, connectionId, url: new URL(`${baseUrl}/api/v3/users`), secrets: [] };
}

function readPosition(ask: Ask): Position {
  const { cursor, options: set } = ask;
  return cursor === undefined ? { offset: 1, pageSize: set.pageSize } : readCursor(cursor, cursorContent, placeOf(ask));
}

/** Source: opf/openproject docs/api/apiv3/paths/users.yml, lib/api/v3/users/users_api.rb@4911b8a. */
function buildRequest(ask: Ask, position: Position): HttpRequest {
  const { filters, sortBy } = ask.options;
  const place = placeOf(ask);
  const { searchParams } = place.url;
  searchParams.set('offset', String(position.offset));
  searchParams.set('pageSize', String(position.pageSize));
  // The default order is by id descending, where a newcomer moves everybody one place on.
  searchParams.set('sortBy', JSON.stringify(sortBy ?? [['id', 'asc']]));
  if (filters !== undefined && filters.length > 0) searchParams.set('filters', JSON.stringify(filters));
  return { ...place, ...reading };
}

/** Epoch seconds, without `Retry-After`. Source: opf/openproject lib/open_project/rate_limiting/base.rb@24af9f9. */
function readRateLimitReset(headers: HttpHeaders, nowMs: number): number | undefined {
  const waitMs = Number(headers['ratelimit-reset'] ?? Number.NaN) * 1000 - nowMs;
  return waitMs > 0 ? waitMs : undefined;
}

/** What every request for users asks for, and how its refusals are read. */
const reading = {
  headers: { accept: 'application/hal+json, application/json' },
  explain: explainOpenprojectFailure,
  readRetryAfterMs: readRateLimitReset,
} satisfies Partial<HttpRequest>;

/** Source: opf/openproject docs/api/apiv3/openapi-spec.yml@017d121, "Authentication". */
async function send(request: HttpRequest, ask: Target, io: VendorIo): Promise<HttpJson> {
  const { credentials } = ask;
  const authorized = (authorization: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, authorization },
  });
  if (credentials.clientId !== undefined) {
    return requestWithToken(io, tokenGrant(ask, io), (token) => authorized(bearerAuthorization(token)));
  }
  if (credentials.token !== undefined) {
    return io.http.requestJson(authorized(bearerAuthorization(requireCredential(credentials, 'token', request))));
  }
  return io.http.requestJson(
    authorized(basicAuthorization('apikey', requireCredential(credentials, 'apiKey', request))),
  );
}

/** Source: opf/openproject config/initializers/doorkeeper.rb@07aa32d: a form, tokens live for two hours. */
function tokenGrant({ connectionId, baseUrl, credentials }: Target, { http }: VendorIo): TokenGrant {
  const place = { vendor: openproject.id, connectionId };
  const clientId = requireCredential(credentials, 'clientId', place);
  const clientSecret = requireCredential(credentials, 'clientSecret', place);
  const url = URL.parse(credentials.tokenUrl ?? `${baseUrl}/oauth/token`);
  if (url === null)
    throw credentialFault('tokenUrl', 'is no address like https://openproject.example/oauth/token', place);
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: 'api_v3' };
  return {
    key: JSON.stringify([openproject.id, connectionId, url.href, clientId]),
    fetchToken: () => fetchOauthToken(http, { ...place, url, form, secrets: [clientSecret] }),
  };
}

/**
 * The page is the last one when the pages so far could hold everybody; `nextByOffset` is not relied on, the document's
 * own sample lacks it with users left. An instance that lowers `pageSize` says so in the answer. An offset it cannot
 * read silently becomes 1, which would read the first page for ever.
 *
 * Source: opf/openproject lib/api/decorators/offset_paginated_collection.rb@4911b8a,
 * lib/api/utilities/page_size_helper.rb@09f4f08.
 */
function readPage(answer: HttpJson, request: HttpRequest, { options: set }: Ask, asked: Position): Page {
  const list = readShape(answer, openprojectList, 'a collection of users', request);
  const { offset } = asked;
  if ((list.offset ?? offset) !== offset) {
    const message = `answered ${answer.status} with page ${list.offset}, asked for page ${offset}`;
    throw vendorFault(request, { code: 'vendor.bad_response', message, status: answer.status });
  }
  const pageSize = list.pageSize ?? asked.pageSize;
  // Pages of another size begin elsewhere: somebody may have been skipped.
  const hasMoved = offset > 1 && pageSize !== asked.pageSize;
  return {
    ...readRows(list._embedded.elements, {
      schema: openprojectUser,
      toUser: (row, id) => toUser(row, id, set.customFields),
    }),
    next: offset * pageSize >= list.total ? null : writeCursor({ offset: offset + 1, pageSize }),
    evidence: { total: list.total, totalKind: 'hard', ...(hasMoved ? { vetoes: ['page_size_changed'] } : {}) },
    observedAt: answer.receivedAt,
    ...(answer.retries === 0 ? {} : { retries: answer.retries }),
  };
}
