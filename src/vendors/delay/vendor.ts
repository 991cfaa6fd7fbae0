import * as z from 'zod/mini';
import type { ObservedUser } from '../../model/canonical-user.ts';
import { isFeedError } from '../../model/feed-error.ts';
import type { Page, RejectedUser } from '../../model/page.ts';
import { bearerAuthorization } from '../http/authorization.ts';
import {
  continueRun,
  creationRun,
  isConnected,
  isInOrderOfCreation,
  startOfRun,
  wasSeen,
} from '../http/creation-run.ts';
import type { HttpJson, HttpRequest } from '../http/http-client.ts';
import { isParameterRefused } from '../http/is-parameter-refused.ts';
import { nameIds } from '../http/name-ids.ts';
import {
  assertLaterPage,
  firstPosition,
  fitsLastPage,
  mayBeFull,
  numberedPosition,
  type PageLinks,
  readPageLinks,
} from '../http/numbered-pages.ts';
import { readCursor, writeCursor } from '../http/page-cursor.ts';
import { passwordGrant } from '../http/password-grant.ts';
import { isAddressable } from '../http/read-presence.ts';
import { readRows } from '../http/read-rows.ts';
import { readShape } from '../http/read-shape.ts';
import { requestWithToken } from '../http/request-with-token.ts';
import { requireCredential } from '../http/require-credential.ts';
import type { PageRequest, Vendor, VendorIo, VendorTarget } from '../vendor.ts';
import { delayProjection, delayProjectionFor, toUser } from './to-user.ts';
import {
  type DelayOptions,
  delayList,
  delayOptions,
  delayUser,
  explainDelayFailure,
  isByCreation,
  listParameters,
  narrowToChanged,
  pickFilters,
} from './wire.ts';

/** Where a sweep is: at a page of the whole list or, with `run`, of the users from a time of creation on. */
const position = z.object({
  ...numberedPosition,
  isUnsorted: z.boolean(),
  /** Somebody may have slipped through already. */
  hasGap: z.boolean(),
  run: z.nullable(creationRun),
});
type Position = z.infer<typeof position>;
type Ask = PageRequest<DelayOptions>;

/** Delay Technologies: the users of the identity service of Hive. */
export const delay: Vendor<DelayOptions> = {
  id: 'delay',
  title: 'Delay Hive users',
  mappingVersion: 1,
  projection: delayProjection,
  projectionFor: ({ riskyStatus }) => delayProjectionFor(riskyStatus),
  uncountedAttributes: ['vendorAttributes.createdBy', 'vendorAttributes.updatedBy'],
  leftOut: {},
  options: delayOptions,
  // Source: docs.d3lay.com/api-reference/authentication (stored copy, 2026-11).
  credentialSets: [['token'], ['clientId', 'clientSecret', 'username', 'password', 'tokenUrl']],
  // The reference has localhost, the guide api.delay.com, the audience /admin/v1 of another host: nobody says which.
  defaultBaseUrl: () => undefined,
  account: () => undefined,
  scope: pickFilters,
  delta: { rivals: ['updatedAtFrom', 'updatedAtTo'] },
  proves: {
    endSignal: 'no rel="next" in the Link header; without that header, a page that is not full',
    total: 'none',
    delta: 'updated_at_from (whether it is inclusive is not documented)',
    probe: 'GET /users/{id}',
    deletionsVisible: 'disappearance; fewer permissions look the same',
    // Source: docs.d3lay.com/api-reference/authentication (stored copy, 2026-11): row-level security.
    notFound: 'nothing',
  },
  // By page number only, and only as far as a link to the last page says; in a run each page depends on the one before.
  pageAt({ next }, ahead) {
    if (next === null) return undefined;
    const at = position.parse(JSON.parse(next));
    const page = at.page + ahead;
    if (at.run !== null || page > (at.last ?? 0)) return undefined;
    return writeCursor({ ...firstPosition(at.size), page, isUnsorted: at.isUnsorted, hasGap: false, run: null });
  },
  async fetchPage({ updatedSince, ...asked }, io): Promise<Page> {
    const ask = { ...asked, options: narrowToChanged(asked.options, updatedSince) };
    const found = await tryRows(readPosition(ask), ask, io);
    return composePage('answer' in found ? found : await fetchRows(found, ask, io), ask);
  },
  async probeUser(ask, io) {
    if (!isAddressable(ask.userId)) return 'unknown';
    const request = placeOf(ask, `/${encodeURIComponent(ask.userId)}`);
    try {
      const shown = z.object({ id: z.string() }).safeParse((await send(request, ask, io)).body);
      return shown.data?.id === ask.userId ? 'present' : 'unknown';
    } catch (error) {
      // Any refusal, a 404 too, may be row-level security that hides the user.
      if (isFeedError(error) && /^vendor\.(not_found|unauthorized|forbidden|rejected_request)$/.test(error.code))
        return 'unknown';
      throw error;
    }
  },
};

function readPosition(ask: Ask): Position {
  const { cursor, options: set } = ask;
  if (cursor === undefined) return { ...firstPosition(set.pageSize), isUnsorted: false, hasGap: false, run: null };
  const at = readCursor(cursor, position, placeOf(ask));
  assertLaterPage(at, placeOf(ask));
  return at;
}

const isFirst = ({ page, run }: Position) => page === 1 && run === null;

function placeOf({ connectionId, baseUrl }: VendorTarget<DelayOptions>, path = '') {
  const url = new URL(`${baseUrl}/users${path}`);
  // Source of the header: docs.d3lay.com/identity/user/retrieve-a-list-of-users (stored copy, 2026-11).
  const headers = { 'x-api-version': 'v1' };
  return { vendor: delay.id, connectionId, url, headers, secrets: [], explain: explainDelayFailure };
}

function buildRequest({ page, isUnsorted, run }: Position, ask: Ask): HttpRequest {
  const request = placeOf(ask);
  const createdAtFrom = run === null ? undefined : startOfRun(run, ask.options.createdAtFrom);
  for (const [name, value] of Object.entries(listParameters(ask.options, { page, isUnsorted, createdAtFrom })))
    request.url.searchParams.set(name, value);
  return request;
}

async function send(request: HttpRequest, target: VendorTarget<DelayOptions>, io: VendorIo): Promise<HttpJson> {
  const { connectionId, credentials, options: set } = target;
  const authorized = (token: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, authorization: bearerAuthorization(token) },
  });
  if (credentials.token !== undefined || credentials.clientId === undefined)
    return io.http.requestJson(authorized(requireCredential(credentials, 'token', request)));
  const grant = passwordGrant(io.http, { vendor: delay.id, connectionId, credentials, audience: set.audience });
  return requestWithToken(io, grant, authorized);
}

type Rows = {
  readonly at: Position;
  readonly answer: HttpJson;
  readonly links: PageLinks | undefined;
  readonly count: number;
  readonly users: readonly ObservedUser[];
  readonly rejected: readonly RejectedUser[];
};

async function fetchRows(at: Position, ask: Ask, io: VendorIo): Promise<Rows> {
  const request = buildRequest(at, ask);
  const answer = await send(request, ask, io);
  const list = readShape(answer, delayList, 'a list of users', request);
  const rows = readRows(list, { schema: delayUser, toUser: (row, id) => toUser(row, id, ask.options.riskyStatus) });
  return { at, answer, links: readPageLinks(answer.headers.link, at.page), count: list.length, ...rows };
}

/** The rows; or where to ask for them with less: without the order, or by page number instead of by time. */
async function tryRows(at: Position, ask: Ask, io: VendorIo): Promise<Rows | Position> {
  const { sortBy, sortOrder } = ask.options;
  const isTrial = at.run !== null && !at.run.isProven;
  const plainer = isTrial ? { ...at, page: 2, run: null } : { ...at, isUnsorted: true };
  try {
    const rows = await fetchRows(at, ask, io);
    // The first page once more is a filter that does nothing. Anything else may be that somebody has left.
    return isTrial && hasLostTouch(rows, ask) ? { ...plainer, hasGap: nameRows(rows) !== at.before } : rows;
  } catch (error) {
    const isOurs = isTrial || (isFirst(at) && (sortBy ?? sortOrder) === undefined);
    if (isOurs && isParameterRefused(error, placeOf(ask).url)) return plainer;
    throw error;
  }
}

const nameRows = ({ users, rejected }: Rows) => nameIds([...users, ...rejected].map(({ id }) => id ?? ''));

/** Whether the first answer of a run does not begin where the list was left. */
function hasLostTouch({ at: { page, run }, users }: Rows, { options: set }: Ask): boolean {
  return run !== null && page === 1 && !isConnected(users, run, startOfRun(run, set.createdAtFrom));
}

function composePage(found: Rows, ask: Ask): Page {
  const { at, answer, users, rejected, count } = found;
  const listed = users.filter((user) => !wasSeen(user, at.run));
  const seen: Position = {
    ...at,
    size: isFirst(at) && count > 0 ? count : at.size,
    rows: at.rows + listed.length + rejected.length,
    before: nameRows(found),
    isLinked: at.isLinked || found.links !== undefined,
    last: (at.run === null ? found.links?.last : undefined) ?? at.last,
  };
  const isRepeated = at.page > 1 && count > 0 && seen.before === at.before;
  const next = isRepeated || !isMoreToCome(found) ? null : findNext(found, seen, ask);
  const vetoes = findVetoes(found, ask, { seen, hasNext: next !== null, isRepeated });
  return {
    users: listed,
    rejected,
    next: next === null ? null : writeCursor(next),
    evidence: vetoes.length === 0 ? {} : { vetoes },
    observedAt: answer.receivedAt,
    ...(answer.retries === 0 ? {} : { retries: answer.retries }),
  };
}

/** Source of the Link header, which decides once seen: hive.docs.delay.dev/pagination.html (stored copy, 2026-11). */
function isMoreToCome({ at, count, links }: Rows): boolean {
  if (at.isLinked || links !== undefined) return (links?.next ?? null) !== null;
  return mayBeFull({ count, askedSize: at.size, isFirst: isFirst(at) });
}

/** The next second of the run, or the next page. A run begins at a first page that is in order of creation. */
function findNext({ at, users, links }: Rows, seen: Position, { options: set }: Ask): Position {
  const isOrdered = isByCreation(set) && !at.isUnsorted && isInOrderOfCreation(users);
  const mayBegin = isFirst(at) && set.paging !== 'pages' && isOrdered && users.every(({ createdAt }) => createdAt);
  const run = at.run !== null || mayBegin ? continueRun(users, at.run) : undefined;
  if (run !== undefined) return { ...seen, page: 1, after: 0, run };
  return { ...seen, page: links?.next ?? at.page + 1, after: at.page };
}

/** Why the list may be partial. */
function findVetoes(
  found: Rows,
  ask: Ask,
  { seen, hasNext, isRepeated }: { seen: Position; hasNext: boolean; isRepeated: boolean },
): readonly string[] {
  const [{ at, users, count }, { options: set }] = [found, ask];
  const isWhole = isFirst(at) && !hasNext;
  // A run reads newcomers to its end: more rows than the pages held at first are no contradiction.
  const rows = at.run === null || seen.last === null ? seen.rows : Math.min(seen.rows, seen.last * seen.size);
  const signs: readonly (readonly [string, boolean])[] = [
    ['sort_refused', at.isUnsorted],
    ['sort_ignored', isByCreation(set) && !at.isUnsorted && !isWhole && !isInOrderOfCreation(users)],
    ['keyset_unsupported', set.paging === 'keyset' && at.run === null && !isFirst(at)],
    ['run_lost_touch', at.hasGap || hasLostTouch(found, ask)],
    ['page_empty', count === 0 && hasNext],
    // A server without pages answers all there is, however many: only exactly the size asked for looks like a part.
    ['page_repeated', isRepeated && (at.page > 2 || at.isLinked || at.size === set.pageSize)],
    ['last_page_contradicted', !hasNext && !fitsLastPage(rows, seen)],
  ];
  return signs.filter(([, isPartial]) => isPartial).map(([sign]) => sign);
}
