import type * as z from 'zod/mini';
import type { ConnectionId, Cursor, UserId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Json } from '../model/json.ts';
import type { Page } from '../model/page.ts';
import type { ProjectedField } from '../model/projected-field.ts';
import type { HttpClient } from './http/http-client.ts';
import type { RequestBudget } from './http/request-budget.ts';
import type { SessionCookies } from './http/session-cookies.ts';
import type { TokenCache } from './http/token-cache.ts';

/** The secrets of a connection by credential name, e.g. `{ apiKey: '…' }`. In memory only, never stored or logged. */
export type Credentials = { readonly [name: string]: string };

/** The effects a vendor may use. */
export type VendorIo = {
  readonly http: HttpClient;
  readonly tokens: TokenCache;
  readonly sessions: SessionCookies;
};

/** What a vendor needs to know of the connection for one request. */
export type VendorTarget<Options> = {
  readonly connectionId: ConnectionId;
  /** What stands before the document's path, without a trailing slash. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly options: Options;
};

export type PageRequest<Options> = VendorTarget<Options> & {
  /** Undefined asks for the first page; otherwise `next` of the page before, possibly read by another process. */
  readonly cursor: Cursor | undefined;
  /** Only users changed since then; the same for every page of a delta. Only for vendors with a `delta`. */
  readonly updatedSince?: Instant;
};

export type ProbeRequest<Options> = VendorTarget<Options> & { readonly userId: UserId };

/** What asking for a single user says. `unknown`: the answer proves nothing, e.g. 401 or 403. */
export type Presence = 'present' | 'absent' | 'unknown';

/** Which list parameters the directory behind a connection really supports. */
export type ListSupport = {
  /** In the vendor's own spelling, with operators in brackets where the vendor names them: `updated_at[gt]`. */
  readonly parameters: readonly string[];
  /** Options of this connection that have no effect, by name. */
  readonly ignoredOptions: readonly string[];
};

/** A list parameter of the vendor's that asks for users changed since a moment. */
export type DeltaFilter<Options> = {
  /** Options that narrow the list by the time of an update themselves: beside one of them the filter cannot be sent. */
  readonly rivals: readonly string[];
  /** For so long before the moment asked for a change may only show now, so the filter begins that much earlier. */
  readonly overlapSeconds?: number;
  /**
   * Whether the filter has an effect for this connection; left out where it always has. `false` where nobody knows.
   * @throws vendor.*
   */
  supports?(target: VendorTarget<Options>, io: VendorIo): Promise<boolean>;
};

/** What a vendor's list can prove, for `ucf vendors` and the documentation. One short phrase each. */
export type Provability = {
  readonly endSignal: string;
  readonly total: 'hard' | 'soft' | 'none';
  readonly delta: string;
  readonly probe: string;
  readonly deletionsVisible: string;
  /** What a 404 for a single user proves: that he is gone, or nothing (the account may be, or a rule hides him). */
  readonly notFound: 'user_gone' | 'nothing';
};

/**
 * One vendor's list-users API. Implementations hold no state between calls: a page may be fetched by another
 * process than the one before it.
 */
export type Vendor<Options = unknown> = {
  /** Lower case, also the folder's name. */
  readonly id: string;
  readonly title: string;
  /** Rises whenever `to-user.ts` changes what a field means. */
  readonly mappingVersion: number;
  /** The fields that count as a change, allow-listed. */
  readonly projection: readonly ProjectedField[];
  /**
   * `projection` as these options shape it, where options decide which fields the vendor fills (Leen's groups,
   * OpenProject's custom fields): a field that is not asked for does not count, so that asking for it later is
   * absorbed silently instead of changing every user. Left out where it is always `projection`.
   */
  projectionFor?(options: Options): readonly ProjectedField[];
  /** Attributes that arrive without counting as a change: they can be redacted like those that count. */
  readonly uncountedAttributes?: readonly `vendorAttributes.${string}`[];
  /** Response fields that do not arrive in the canonical user, as the vendor spells them, each with the reason. */
  readonly leftOut: { readonly [field: string]: string };
  /** The vendor's own list parameters in camelCase; unknown keys are refused. Parsed once a tick. */
  readonly options: z.ZodMiniType<Options>;
  /** Every accepted set of credential names, the first being the usual one, e.g. `[['apiKey'], ['token']]`. */
  readonly credentialSets: readonly (readonly string[])[];
  /** The documented base address, where the vendor is one service for everybody; undefined where the customer hosts it. */
  defaultBaseUrl(options: Options): string | undefined;
  /** The account at the vendor: with vendor and base address it names the directory. Undefined where the address alone does. */
  account(options: Options): string | undefined;
  /** The options that narrow the list, by name; `{}` for the whole list. */
  scope(options: Options): { readonly [option: string]: Json };
  readonly proves: Provability;
  /** The filter that makes deltas possible; left out where the vendor has none. */
  readonly delta?: DeltaFilter<Options>;
  /** The documented limits that requests of this connection count against. */
  budgets?(target: VendorTarget<Options>): readonly RequestBudget[];
  /**
   * Fetches one page.
   * @throws vendor.* (see the dispositions in model/feed-error.ts)
   */
  fetchPage(ask: PageRequest<Options>, io: VendorIo): Promise<Page>;
  /**
   * A cursor with which the page `ahead` pages after `page.next` (0 is that one itself) is asked for as it will be when
   * its turn comes, for vendors whose pages are addressed by number or offset: such pages are fetched several at once.
   * It remembers nothing of the pages before, so that it is the same cursor from whichever page it is foreseen. Undefined where the list is known to end before, or where
   * nobody knows.
   */
  pageAt?(page: Page, ahead: number, options: Options): Cursor | undefined;
  /** Asks for one user. Never throws for an answer that says something about the user. @throws vendor.* */
  probeUser?(ask: ProbeRequest<Options>, io: VendorIo): Promise<Presence>;
  /**
   * Asks which list parameters really work, for vendors that ignore some without a word. Undefined where the answer does
   * not say. @throws vendor.*
   */
  describeSupport?(target: VendorTarget<Options>, io: VendorIo): Promise<ListSupport | undefined>;
};
