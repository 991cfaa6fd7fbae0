import { FeedError, type FeedErrorCode, type VendorContext } from '../../model/feed-error.ts';
import { addressOf } from './address.ts';
import { createRedactor, flattenText } from './redact.ts';

/** Every code a vendor's answer can lead to. */
export type VendorFaultCode = Extract<FeedErrorCode, `vendor.${string}`> &
  Exclude<FeedErrorCode, 'vendor.cursor_repeated'>;

/** Where a fault happened. */
export type FaultPlace = {
  readonly vendor: string;
  readonly connectionId: string;
  readonly method?: 'GET' | 'POST';
  readonly url: URL;
  readonly secrets: readonly string[];
};

export type VendorFault = {
  readonly code: VendorFaultCode;
  /** What happened, as the rest of a sentence after the address: `answered 403: …`. */
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly timeoutMs?: number;
  readonly cause?: unknown;
};

/** Ids have digits, and neither spaces, an @ nor words: somebody's name or address that stands there is not told. */
const requestIdForm = /^(?=.{1,200}$)(?=.*\d)(?!.*(?=[a-z]{5})[a-f]*[g-z])[\w.:=+/-]+$/;

/** The error of a fault: names vendor, connection and address, and holds no secret, not even in its cause. */
export function vendorFault(place: FaultPlace, fault: VendorFault): FeedError {
  const redact = createRedactor(place.secrets);
  const address = redact(addressOf(place.url));
  const what = flattenText(redact(fault.message));
  const message = `${place.vendor} connection ${place.connectionId}: ${place.method ?? 'GET'} ${address} ${what}`;
  const context: VendorContext = {
    vendor: place.vendor,
    address,
    ...(fault.status === undefined ? {} : { status: fault.status }),
    ...(fault.requestId !== undefined && requestIdForm.test(fault.requestId) && { requestId: redact(fault.requestId) }),
  };
  const options = fault.cause === undefined ? undefined : { cause: withoutSecrets(fault.cause, redact) };
  switch (fault.code) {
    case 'vendor.timeout':
      return new FeedError(fault.code, message, { ...context, timeoutMs: fault.timeoutMs ?? 0 }, options);
    case 'vendor.rate_limited': {
      const waiting = fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs };
      return new FeedError(fault.code, message, { ...context, ...waiting }, options);
    }
    default:
      return new FeedError(fault.code, message, context, options);
  }
}

/** A copy of a cause with its name, message and code only: what was thrown may carry the request, headers and all. */
function withoutSecrets(cause: unknown, redact: (text: string) => string): Error {
  const original = cause instanceof Error ? cause : new Error(String(cause));
  const copy = new Error(flattenText(redact(original.message)));
  copy.name = original.name;
  copy.stack = `${copy.name}: ${copy.message}`;
  const code = 'code' in original && typeof original.code === 'string' ? original.code : undefined;
  return code === undefined ? copy : Object.assign(copy, { code });
}
