import type { Instant } from '../../model/instant.ts';
import type { JsonObject } from '../../model/json.ts';
import type { RequestBudget } from './request-budget.ts';

/** One request to a vendor. */
export type HttpRequest = {
  /** Vendor and connection, for messages. */
  readonly vendor: string;
  readonly connectionId: string;
  readonly method?: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: { readonly [name: string]: string };
  /** Sent as a form, e.g. to a token endpoint. */
  readonly form?: { readonly [name: string]: string };
  /** Sent as JSON, for token endpoints that want it so. Not together with `form`. */
  readonly json?: JsonObject;
  /** What the request counts against; it waits until each has room. */
  readonly budgets?: readonly RequestBudget[];
  /** In epoch milliseconds: no try begins after it, no wait reaches beyond it, and a try under way ends there. */
  readonly deadlineMs?: number;
  /** Values that must never appear in a message: they are cut out of whatever the vendor echoes. */
  readonly secrets: readonly string[];
  /** How long to wait, read from the vendor's own headers, where `Retry-After` is missing. */
  readonly readRetryAfterMs?: (headers: HttpHeaders, nowMs: number) => number | undefined;
  /**
   * The vendor's own reading of an answer that is not 2xx: its message, and whether it is worth another try.
   * Undefined falls back to what the status says.
   */
  readonly explain?: (answer: HttpFailure) => HttpExplanation | undefined;
};

/** One try of a request, as an observer sees it: how long it took, and the status that came, if any did. */
export type HttpTry = {
  readonly vendor: string;
  readonly connectionId: string;
  readonly elapsedMs: number;
  readonly status?: number;
};

/** Header names in lower case; where a header stands twice the last one wins, but for `link`, which is joined. */
export type HttpHeaders = { readonly [name: string]: string };

/** An answer that is not 2xx. `body` is parsed JSON where it was JSON, else undefined. */
export type HttpFailure = { readonly status: number; readonly headers: HttpHeaders; readonly body: unknown };

export type HttpExplanation = {
  /** Lower case, without credentials and without anything of a user. */
  readonly message: string;
  readonly requestId?: string;
  /** Overrides what the status alone would mean, e.g. `vendor.cursor_rejected`. */
  readonly code?:
    | 'vendor.unauthorized'
    | 'vendor.forbidden'
    | 'vendor.not_found'
    | 'vendor.rejected_request'
    | 'vendor.rate_limited'
    | 'vendor.unavailable'
    | 'vendor.cursor_rejected';
};

/** A 2xx answer whose body was one JSON document. */
export type HttpJson = {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: unknown;
  readonly receivedAt: Instant;
  /** Every `Set-Cookie` header, as it came. */
  readonly setCookies: readonly string[];
  /** How many tries were needed beyond the first. */
  readonly retries: number;
};

/** Talks to vendors: timeouts, retries with jitter, `Retry-After`, size limit, gzip, no redirect to another origin. */
export type HttpClient = {
  /**
   * @throws vendor.unauthorized (401), vendor.forbidden (403), vendor.not_found (404, 410), vendor.rejected_request
   * (other 4xx), vendor.rate_limited (429), vendor.unavailable (5xx and network faults), vendor.timeout,
   * vendor.out_of_time (the deadline), vendor.bad_response (not JSON, cut short, too large, redirected elsewhere)
   */
  requestJson(request: HttpRequest): Promise<HttpJson>;
};
