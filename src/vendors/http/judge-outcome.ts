import { readAddressRefusal } from './address-refusal.ts';
import type { HttpFailure, HttpJson, HttpRequest } from './http-client.ts';
import type { HttpLimits } from './http-limits.ts';
import { readNetworkFault } from './network-fault.ts';
import type { BodyFault } from './read-body.ts';
import { readJson } from './read-json.ts';
import type { TryOutcome } from './request-once.ts';
import { readRetryAfterMs } from './retry-after.ts';
import { isRetryableStatus } from './retry-policy.ts';
import { showHeaderWord } from './show-header-word.ts';
import type { VendorFault, VendorFaultCode } from './vendor-fault.ts';

type Answer = Extract<TryOutcome, { readonly kind: 'answered' }>;

export type Judgement =
  | (Pick<HttpJson, 'status' | 'headers' | 'setCookies'> & { readonly json: unknown })
  | { readonly fault: VendorFault; readonly isWorthRetry: boolean };

/** What a try means: one JSON document, or a fault and whether another try may help. */
export function judgeOutcome(outcome: TryOutcome, request: HttpRequest, limits: HttpLimits, nowMs: number): Judgement {
  if (outcome.kind === 'timed_out') {
    const message = `did not answer in full within ${limits.timeoutMs} ms`;
    return { fault: { code: 'vendor.timeout', message, timeoutMs: limits.timeoutMs }, isWorthRetry: true };
  }
  if (outcome.kind === 'unreachable') return judgeNetworkFault(outcome.cause);
  if (outcome.status >= 200 && outcome.status <= 299) return judgeSuccess(outcome, limits);
  if (outcome.status >= 300 && outcome.status <= 399) return judgeRedirect(outcome, request.url);
  return judgeRefusal(outcome, request, nowMs);
}

function judgeNetworkFault(cause: unknown): Judgement {
  const refusal = readAddressRefusal(cause);
  if (refusal !== undefined)
    return { fault: { code: 'vendor.rejected_request', message: `was not sent: ${refusal}` }, isWorthRetry: false };
  const { reason, isWorthRetry } = readNetworkFault(cause);
  return { fault: { code: 'vendor.unavailable', message: `could not be reached (${reason})`, cause }, isWorthRetry };
}

function judgeSuccess({ status, headers, setCookies, body }: Answer, limits: HttpLimits): Judgement {
  if ('fault' in body) {
    const what = explainBodyFault(body.fault, limits.maxBodyBytes, headers['content-encoding']);
    const cause = body.fault.kind === 'cut_short' ? body.fault.cause : undefined;
    return { ...badResponse(status, `with ${what}`, cause), isWorthRetry: body.fault.kind === 'cut_short' };
  }
  const reading = readJson(body.bytes, headers['content-type']);
  if ('fault' in reading) return badResponse(status, `with ${reading.fault}`);
  return { json: reading.json, status, headers, setCookies };
}

function explainBodyFault({ kind }: BodyFault, maxBytes: number, encoding: string | undefined): string {
  switch (kind) {
    case 'cut_short':
      return 'a body that was cut short';
    case 'too_large':
      return `a body of more than ${maxBytes} bytes: ask for smaller pages`;
    case 'undecodable':
      return `a body that is not ${encoding}, though it says so`;
    case 'unknown_encoding':
      return `a body in an encoding nobody asked for (${showHeaderWord('content-encoding', (encoding ?? '').trim().toLowerCase())})`;
  }
}

/** No redirect is followed: the credentials would go along, and a login page is where most of them lead. */
function judgeRedirect({ status, headers }: Answer, from: URL): Judgement {
  const target = URL.parse(headers.location ?? '', from.href);
  const elsewhere =
    target === null ? 'nowhere readable' : target.origin === from.origin ? target.pathname : target.origin;
  const remedy = 'redirects are not followed: set the base address it leads to, if that is where the vendor lives';
  return badResponse(status, `with a redirect to ${elsewhere}; ${remedy}`);
}

function badResponse(status: number, message: string, cause?: unknown) {
  const fault: VendorFault = { code: 'vendor.bad_response', message: `answered ${status} ${message}`, status, cause };
  return { fault, isWorthRetry: false };
}

function judgeRefusal({ status, headers, body }: Answer, request: HttpRequest, nowMs: number): Judgement {
  const reading = 'bytes' in body ? readJson(body.bytes, headers['content-type']) : undefined;
  const failure: HttpFailure = {
    status,
    headers,
    body: reading !== undefined && 'json' in reading ? reading.json : undefined,
  };
  const explanation = request.explain?.(failure);
  const code = explanation?.code ?? codeOfStatus(status);
  const fault: VendorFault = {
    code,
    message: `answered ${status}${explanation === undefined ? '' : `: ${explanation.message}`}`,
    status,
    requestId: explanation?.requestId ?? headers['x-request-id'],
    retryAfterMs: readRetryAfterMs(headers, nowMs) ?? request.readRetryAfterMs?.(headers, nowMs),
  };
  return { fault, isWorthRetry: explanation?.code === undefined ? isRetryableStatus(status) : isPassing(code) };
}

function codeOfStatus(status: number): VendorFaultCode {
  if (status === 401) return 'vendor.unauthorized';
  if (status === 403) return 'vendor.forbidden';
  if (status === 404 || status === 410) return 'vendor.not_found';
  if (status === 429) return 'vendor.rate_limited';
  return status === 408 || status >= 500 ? 'vendor.unavailable' : 'vendor.rejected_request';
}

function isPassing(code: VendorFaultCode): boolean {
  return code === 'vendor.rate_limited' || code === 'vendor.unavailable';
}
