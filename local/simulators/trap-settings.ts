import * as z from 'zod/mini';

const count = z.int().check(z.minimum(1));
const target = z.enum(['list', 'user', 'token', 'connection', 'any']);

/** Every trap can be limited: to so many firings, to one page number, to a kind of request. Without `times` it fires
 *  whenever it can. */
const limits = { times: z.optional(count), page: z.optional(count), on: z._default(target, 'list') };
const plain = z.strictObject(limits);
const waitSeconds = z._default(z.int().check(z.minimum(0)), 1);

/** Every trap of every vendor with what can be set about it. A firing is counted only when the trap had an effect. */
export const trapSettings = {
  /** An answer of this status in the vendor's error shape. */
  error: z.strictObject({ ...limits, status: z._default(z.int().check(z.minimum(400), z.maximum(599)), 500) }),
  unauthorized: plain,
  forbidden: plain,
  /** 429 with Retry-After, as seconds or as HTTP date. */
  rateLimited: z.strictObject({
    ...limits,
    seconds: waitSeconds,
    retryAfter: z._default(z.enum(['seconds', 'date']), 'seconds'),
  }),
  /** 429 with RateLimit-Reset in epoch seconds and no Retry-After. */
  rateLimitEpochReset: z.strictObject({ ...limits, seconds: waitSeconds }),
  slow: z.strictObject({ ...limits, delayMs: z._default(count, 1000) }),
  /** No answer, ever. */
  hang: plain,
  /** The connection breaks, before the answer or in the middle of its body. */
  dropConnection: z.strictObject({ ...limits, midBody: z._default(z.boolean(), true) }),
  /** 200 with an HTML login page. */
  htmlLogin: plain,
  /** 302 to another origin; the simulator counts who follows, and who brings the credentials along. */
  redirectElsewhere: z.strictObject({ ...limits, location: z.optional(z.string()) }),
  /** 200 with JSON that is something else. */
  wrongShape: z.strictObject({ ...limits, body: z._default(z.json(), { ok: true }) }),
  /** 200 whose JSON stops half way, with a content-length that agrees. */
  truncatedBody: plain,
  /** The right JSON after so many bytes of white space. */
  bigBody: z.strictObject({ ...limits, bytes: z._default(count, 64 * 1024 * 1024) }),

  emptyList: plain,
  /** The list has lost this share of its people; everything else about it looks right. */
  halfList: z.strictObject({ ...limits, percent: z._default(z.int().check(z.minimum(1), z.maximum(100)), 50) }),
  /** Before a page after the first is served, the first person of the list leaves: one row slips across the boundary. */
  removeWhileListing: plain,
  /** A page after the first begins with the last row of the page before. */
  duplicateAcrossPages: plain,
  /** Every field that can be blank is, in every row. */
  blankFields: z.strictObject({ ...limits, as: z._default(z.enum(['empty', 'null', 'absent']), 'empty') }),
  /** No row has the key of the status. */
  loseStatus: plain,
  /** The first row of a page has a status that no document lists. */
  unknownStatus: z.strictObject({ ...limits, status: z._default(z.string(), 'HIBERNATING') }),
  /** The first row of a page has values of the wrong type, and perhaps no id. */
  badRow: z.strictObject({ ...limits, withId: z._default(z.boolean(), true) }),

  /** A page names itself as the next one. */
  repeatCursor: plain,
  /** The first two pages name each other as the next one. */
  cursorCycle: plain,
  /** A page without rows that still names a next one. */
  emptyPageWithCursor: plain,
  /** A cursor is refused. */
  expiredCursor: z.strictObject({ ...limits, status: z._default(z.int(), 422) }),
  /** The key of the next cursor is missing at the end, instead of null. */
  absentNextCursor: plain,

  /** The server serves pages of at most this size, whatever is asked. */
  capPageSize: z.strictObject({ ...limits, size: z._default(count, 50) }),
  /** A page after the first states a total that is off by so much. */
  totalMoves: z.strictObject({ ...limits, by: z._default(z.int(), 1) }),
  /** A page after the first is page 1 again, and says so. */
  offsetEchoedAsOne: plain,
  /** What only administrators see is missing. */
  adminKeyVanishes: plain,
  /** Every row's `updatedAt` is new each time, as after logins. */
  onlyUpdatedAtChanges: plain,

  /** Every page is the first one. */
  ignoreFirst: plain,
  /** The list is in another order for every request. */
  shuffleOrder: plain,
  /** Before a page after the first is served, the last person of the list gets a user name that makes him the first. */
  renameWhileListing: plain,
  /** Before the first page is served, somebody is disabled and renamed, and somebody new gets his user name. */
  reuseUserName: plain,
  /** The roles of every row are in another order. */
  reverseRoles: plain,
  /** Times are text instead of numbers. */
  createdAsIso: plain,
  /** After the last row of a page stands an error. */
  errorInsideList: plain,
  /** So many sessions may be open, and whoever would open another one is refused. */
  capSessions: z.strictObject({ ...limits, on: z._default(target, 'any'), size: z._default(count, 3) }),
  /** The session that a request brings along has ended. */
  refuseSession: z.strictObject({ ...limits, on: z._default(target, 'any') }),

  /** The connection is in this health, or in another state than ACTIVE; meanwhile half of the list is missing. */
  unhealthy: z.strictObject({
    ...limits,
    on: z._default(target, 'any'),
    health: z._default(z.string(), 'UNAUTHORIZED'),
    state: z._default(z.string(), 'ACTIVE'),
  }),
  /** A page says that it is not all there was. */
  isPartialResponse: plain,
  /** Everybody active has the back end's own word for it. */
  rawStatus: z.strictObject({ ...limits, status: z._default(z.string(), 'Enabled') }),
  /** 401 of the back end, which refuses the customer's credentials, not ours. */
  remoteUnauthorized: plain,
  /** 403 that names the scopes the customer's account lacks. */
  missingScopes: z.strictObject({ ...limits, scopes: z._default(z.array(z.string()), ['users:read']) }),
  /** 503 that does not pass. */
  accountBlocked: plain,
  /** 429 of the back end, with Retry-After or with the seconds until its window opens again. */
  remoteRateLimited: z.strictObject({
    ...limits,
    seconds: waitSeconds,
    header: z._default(z.enum(['retry-after', 'ratelimit-reset']), 'retry-after'),
  }),
  /** The rows are an object by id instead of a list. */
  keyedResult: plain,

  /** No page has a Link header. */
  withoutLinks: plain,
  /** The Link header leads to another host; the simulator counts who follows, and who brings the credentials along. */
  linksElsewhere: plain,
  /** A page after the first is page 1 again. */
  pageIgnored: plain,
  /** `page_size` is not known, only `per_page`: without it a page has this size, up to the whole list. */
  perPageOnly: z.strictObject({ ...limits, size: z._default(count, 30) }),
  /** The token has lost its metadata permissions. */
  metadataVanishes: z.strictObject({ ...limits, on: z._default(target, 'any') }),
  /** 400 for any order. */
  sortRefused: plain,
  /** Any order is accepted, and none is kept. */
  sortIgnored: plain,
  /** `created_at_from` leaves out who was created at that very time. */
  fromExclusive: plain,
  /** `created_at_from` compares whole seconds. */
  fromByTheSecond: plain,
  /** `created_at_from` changes nothing. */
  fromIgnored: plain,
  /** Row-level security hides this share of the people from whatever is asked: fewer rows, and nothing that says so. */
  rowSecurity: z.strictObject({
    ...limits,
    on: z._default(target, 'any'),
    percent: z._default(z.int().check(z.minimum(1), z.maximum(100)), 60),
  }),

  /** The filter for users changed since then changes nothing. */
  updatedSinceIgnored: plain,
  /** The meta route does not list the filter for users changed since then. */
  updatedSinceUnlisted: z.strictObject({ ...limits, on: z._default(target, 'any') }),

  /** Groups hold nulls. */
  nullGroups: plain,
  /** People who left since the last step are listed, and found, as deleted. */
  tombstones: z.strictObject({ ...limits, on: z._default(target, 'any') }),
} as const;

export type TrapName = keyof typeof trapSettings;
export type TrapSettings = { [Name in TrapName]: z.output<(typeof trapSettings)[Name]> };
export type TrapWishes = { [Name in TrapName]: z.input<(typeof trapSettings)[Name]> };

/** What any vendor's server, or something in front of it, may do. */
export const sharedTraps = [
  'error',
  'unauthorized',
  'forbidden',
  'rateLimited',
  'slow',
  'hang',
  'dropConnection',
  'htmlLogin',
  'redirectElsewhere',
  'wrongShape',
  'truncatedBody',
  'bigBody',
  'emptyList',
  'halfList',
  'removeWhileListing',
  'duplicateAcrossPages',
  'blankFields',
  'loseStatus',
  'unknownStatus',
  'badRow',
  'repeatCursor',
  'cursorCycle',
  'emptyPageWithCursor',
] as const satisfies readonly TrapName[];
