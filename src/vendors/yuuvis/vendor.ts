import * as z from 'zod/mini';
import { type FeedError, isFeedError } from '../../model/feed-error.ts';
import type { Page } from '../../model/page.ts';
import { addressOf } from '../http/address.ts';
import { basicAuthorization, bearerAuthorization } from '../http/authorization.ts';
import { dropAbsent } from '../http/drop-absent.ts';
import { fetchOauthToken } from '../http/fetch-oauth-token.ts';
import type { HttpClient, HttpJson, HttpRequest } from '../http/http-client.ts';
import { readCursor, writeCursor } from '../http/page-cursor.ts';
import { countRepeatedRows, idsOfRows, markOverlap, overlapMark, overlapOf } from '../http/page-overlap.ts';
import { isAddressable } from '../http/read-presence.ts';
import { readRows } from '../http/read-rows.ts';
import { readShape } from '../http/read-shape.ts';
import { requestInSession } from '../http/request-in-session.ts';
import { requestWithToken, type TokenGrant } from '../http/request-with-token.ts';
import { credentialFault, requireCredential } from '../http/require-credential.ts';
import { vendorFault } from '../http/vendor-fault.ts';
import type { Vendor, VendorIo, VendorTarget } from '../vendor.ts';
import { toUser, yuuvisProjection } from './to-user.ts';
import { explainYuuvisFailure, findStrayError, yuuvisList, yuuvisShownUser, yuuvisUser } from './wire.ts';

/** Every user has them, and more of them come with an upgrade. Source: vendor's response example, `roles`. */
const builtInRoles = ['offline_access', 'uma_authorization', 'default-roles-*'];
const tooFewPerPage =
  'expected at least 2: a page begins with users of the page before, which shows whether the list has moved';
const rolePattern = z.string().check(z.regex(/^([^*]+\*?|\*)$/, 'expected a role, or the beginning of one and a *'));

/**
 * yuuvis' own list parameters, the tenant, and which roles to read. Not here: `first`, which a sweep sets.
 *
 * Source: GET /tenant-management/api/idm/users, request example (stored copy, 2026-11) for `max` and
 * `briefRepresentation`; yuuvisdevelop.atlassian.net/wiki/spaces/YM22WI/pages/320050089 (sibling endpoints) for `first`
 * and `search`. Their defaults are not documented, so what decides the list is always sent.
 */
const options = z.strictObject({
  tenant: z
    .string()
    .check(z.regex(/^[!-~]{1,200}$/), z.describe('The tenant whose users are listed (X-ID-TENANT-NAME).')),
  max: z
    ._default(z.int().check(z.minimum(2, tooFewPerPage)), 100)
    .check(z.describe('Users per page, some of which show again what the page before ended with.')),
  briefRepresentation: z
    ._default(z.boolean(), false)
    .check(z.describe('Lists less of each user; then roles and groups do not count as a change.')),
  search: z.optional(
    z.string().check(z.minLength(1), z.describe('Narrows the list to users whose name or e-mail address holds this.')),
  ),
  excludedRoles: z
    ._default(z.array(rolePattern), builtInRoles)
    .check(z.describe('Roles to leave out of every user, e.g. ["default-roles-*"].')),
});
export type YuuvisOptions = z.infer<typeof options>;

/** Where the next page begins, and with whom. */
const cursorContent = z.extend(overlapMark, { first: z.int().check(z.minimum(1)) });
type Position = z.infer<typeof cursorContent>;
type Target = VendorTarget<YuuvisOptions>;

/** yuuvis: the users of a tenant. */
export const yuuvis: Vendor<YuuvisOptions> = {
  id: 'yuuvis',
  title: 'yuuvis Momentum users',
  mappingVersion: 1,
  projection: yuuvisProjection,
  // Assumed: the brief form lacks roles and groups. With other roles left out, `roles` means something else.
  projectionFor: ({ briefRepresentation, excludedRoles }) =>
    yuuvisProjection
      .filter(({ path }) => !(briefRepresentation && (path === 'roles' || path === 'groups')))
      .map((field) =>
        field.path === 'roles' ? { ...field, shapedBy: JSON.stringify([...new Set(excludedRoles)].sort()) } : field,
      ),
  leftOut: {},
  options,
  credentialSets: [
    ['username', 'password'],
    ['token'],
    ['clientId', 'clientSecret', 'tokenUrl'],
    ['clientId', 'username', 'password', 'tokenUrl'],
    ['clientId', 'clientSecret', 'username', 'password', 'tokenUrl'],
  ],
  defaultBaseUrl: () => undefined,
  account: ({ tenant }) => tenant,
  scope: ({ search }) => dropAbsent({ search }),
  proves: {
    endSignal: 'hasMoreItems is false',
    total: 'soft',
    delta: 'none',
    probe: 'GET /tenant-management/api/idm/users/{id}',
    deletionsVisible: 'disappearance, if not enabled: false instead',
    notFound: 'user_gone',
  },
  async fetchPage(ask, io): Promise<Page> {
    const request = buildRequest(ask);
    const position = ask.cursor === undefined ? firstPage : readCursor(ask.cursor, cursorContent, request);
    for (const [name, value] of Object.entries(parametersOf(ask.options, position)))
      request.url.searchParams.set(name, String(value));
    return readPage(await send(request, ask, io), request, ask.options, position);
  },
  // Full pages are foreseen; after a short one the next begins elsewhere, and what was foreseen is dropped.
  pageAt({ next, evidence: { total = 0 } }, ahead, { max }) {
    if (next === null) return undefined;
    const { first } = cursorContent.parse(JSON.parse(next));
    const at = first + ahead * (max - overlapOf(max));
    return at < total ? writeCursor({ first: at, tail: [], shortBy: 0 }) : undefined;
  },
  async probeUser(ask, io) {
    if (!isAddressable(ask.userId)) return 'unknown';
    const request = buildRequest(ask, `/${encodeURIComponent(ask.userId)}`);
    try {
      const shown = yuuvisShownUser.safeParse((await send(request, ask, io)).body);
      return shown.data?.id === ask.userId ? 'present' : 'unknown';
    } catch (error) {
      // A token endpoint that is not found says nothing about the user.
      if (isFeedError(error, 'vendor.not_found') && error.context.address === addressOf(request.url)) return 'absent';
      if (isFeedError(error, 'vendor.unauthorized', 'vendor.forbidden')) return 'unknown';
      throw error;
    }
  },
};

const firstPage: Position = { first: 0, tail: [], shortBy: 0 };

function parametersOf({ max, briefRepresentation, search }: YuuvisOptions, { first }: Position) {
  return dropAbsent({ first, max, briefRepresentation, search });
}

/** Source: GET /tenant-management/api/idm/users (stored copy, 2026-11); X-ID-TENANT-NAME: OPTIMALSYSTEMS/yuuvis-momentum-java-tutorials. */
function buildRequest({ connectionId, baseUrl, credentials, options }: Target, path = ''): HttpRequest {
  const { token, password, clientSecret } = credentials;
  return {
    vendor: yuuvis.id,
    connectionId,
    url: new URL(`${baseUrl}/tenant-management/api/idm/users${path}`),
    headers: { 'x-id-tenant-name': options.tenant },
    // An error inside of a list is told here, where what is in the headers is not known.
    secrets: [token, password, clientSecret].filter((secret) => secret !== undefined),
    explain: explainYuuvisFailure,
  };
}

/**
 * The gateway opens a session (GWSESSIONID) for whoever comes without one, and refuses all calls beyond a number of
 * them, so each tenant of a connection has one.
 *
 * Source: OPTIMALSYSTEMS/yuuvis-momentum-java-tutorials, HttpClientConfiguration.java (Basic or Bearer, cookies by
 * tenant); yuuvisdevelop.atlassian.net/wiki, onpremise/pages/340361339 (cap, of the sister gateway).
 */
async function send(request: HttpRequest, ask: Target, io: VendorIo): Promise<HttpJson> {
  const { credentials, baseUrl, connectionId, options: set } = ask;
  const session = JSON.stringify([yuuvis.id, connectionId, baseUrl, set.tenant]);
  const http: HttpClient = { requestJson: (asked) => requestInSession(io, session, asked) };
  const authorized = (authorization: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, authorization },
  });
  if (credentials.tokenUrl !== undefined) {
    const grant = tokenGrant(ask, io);
    return requestWithToken({ http, tokens: io.tokens }, grant, (token) => authorized(bearerAuthorization(token)));
  }
  const need = (name: string) => requireCredential(credentials, name, request);
  const isToken = credentials.token !== undefined;
  return http.requestJson(
    authorized(isToken ? bearerAuthorization(need('token')) : basicAuthorization(need('username'), need('password'))),
  );
}

/** Source: OPTIMALSYSTEMS/yuuvis-api-helm-charts README, 2023 autumn: without the scope openid no login from Keycloak 20 on. */
function tokenGrant({ connectionId, credentials, options: { tenant } }: Target, { http }: VendorIo): TokenGrant {
  const place = { vendor: yuuvis.id, connectionId };
  const need = (name: string) => requireCredential(credentials, name, place);
  const url = URL.parse(need('tokenUrl'));
  if (url === null) {
    const example = 'https://keycloak.example/realms/acme/protocol/openid-connect/token';
    throw credentialFault('tokenUrl', `is no address like ${example}`, place);
  }
  const isPerson = credentials.username !== undefined || credentials.password !== undefined;
  const person = isPerson ? { username: need('username'), password: need('password') } : {};
  const isSecret = !isPerson || credentials.clientSecret !== undefined;
  const form = {
    grant_type: isPerson ? 'password' : 'client_credentials',
    client_id: need('clientId'),
    ...(isSecret ? { client_secret: need('clientSecret') } : {}),
    ...person,
    scope: 'openid',
  };
  const secrets = [credentials.clientSecret ?? '', credentials.password ?? ''];
  return {
    key: JSON.stringify([yuuvis.id, connectionId, url.href, tenant, form.client_id, person.username ?? '']),
    fetchToken: () => fetchOauthToken(http, { ...place, url, form, secrets }),
  };
}

/**
 * A short page is no end: users whom the caller may not see drop out after `max` was applied. So the next page begins
 * as many rows further as this one has, which skips nobody whether such users are counted or not; and a little before
 * that, because the order is not documented, and whoever is renamed may move to another page.
 *
 * Source: keycloak/keycloak#37614; JpaUserProvider.java@01a42f4 (by user name), but the response example is not sorted.
 */
function readPage(answer: HttpJson, request: HttpRequest, { max, excludedRoles }: YuuvisOptions, at: Position): Page {
  const { objects, hasMoreItems, numItems, totalNumItems } = readList(answer, request);
  const ids = idsOfRows(objects);
  const repeated = countRepeatedRows(ids, at);
  if (hasMoreItems && repeated === 'stuck') {
    const what = 'the end of the page before: the list has moved, or first is ignored';
    throw refusalOf(answer, request, { code: 'vendor.cursor_rejected', what });
  }
  const hasMoved = typeof repeated !== 'number';
  return {
    ...readRows(objects.slice(hasMoved ? 0 : repeated), {
      schema: yuuvisUser,
      toUser: (row, id) => toUser(row, id, excludedRoles),
    }),
    next: hasMoreItems ? writeCursor(positionAfter(at, ids.slice(0, numItems), max)) : null,
    evidence: {
      // Soft: Keycloak counts service accounts that it does not list. Source: keycloak/keycloak#45219, #22719.
      ...(totalNumItems == null ? {} : { total: totalNumItems, totalKind: 'soft' }),
      ...(hasMoved ? { drift: ['overlap_moved'] } : {}),
      ...(numItems === ids.length ? {} : { vetoes: ['num_items_differs'] }),
    },
    observedAt: answer.receivedAt,
    ...(answer.retries === 0 ? {} : { retries: answer.retries }),
  };
}

function readList(answer: HttpJson, request: HttpRequest) {
  const error = findStrayError(answer.body);
  if (error !== undefined) {
    throw refusalOf(answer, request, { code: 'vendor.bad_response', what: `an error inside: ${error}` });
  }
  const list = readShape(answer, yuuvisList, 'a list of users', request);
  const numItems = list.numItems ?? list.objects.length;
  if (list.hasMoreItems && (numItems === 0 || list.objects.length === 0)) {
    throw refusalOf(answer, request, { code: 'vendor.bad_response', what: 'no users, but hasMoreItems: true' });
  }
  return { ...list, numItems };
}

type Refusal = { readonly code: 'vendor.bad_response' | 'vendor.cursor_rejected'; readonly what: string };

function refusalOf({ status }: HttpJson, request: HttpRequest, { code, what }: Refusal): FeedError {
  return vendorFault(request, { code, message: `answered ${status} with ${what}`, status });
}

function positionAfter({ first }: Position, ids: readonly string[], max: number): Position {
  const mark = markOverlap(ids, max);
  return { first: first + ids.length - mark.tail.length, ...mark };
}
