/** What each error code carries besides its message. Never a credential, never anything of a user but the id. */
export type FeedErrorContexts = {
  'config.invalid': { readonly faults: readonly Fault[] };
  'vendor.unauthorized': VendorContext;
  'vendor.forbidden': VendorContext;
  'vendor.not_found': VendorContext;
  'vendor.rejected_request': VendorContext;
  'vendor.rate_limited': VendorContext & { readonly retryAfterMs?: number };
  'vendor.unavailable': VendorContext;
  'vendor.timeout': VendorContext & { readonly timeoutMs: number };
  'vendor.out_of_time': VendorContext;
  'vendor.bad_response': VendorContext;
  'vendor.cursor_rejected': VendorContext;
  'vendor.cursor_repeated': { readonly pagesFetched: number };
  'sweep.lease_lost': { readonly connectionId: string };
  'sweep.page_limit': { readonly pageLimit: number };
  'sweep.out_of_time': { readonly pagesFetched: number };
  'sweep.checkpoint_gone': { readonly connectionId: string; readonly blob: string };
  'sweep.delta_unsupported': { readonly connectionId: string };
  'sweep.entries_lost': { readonly connectionId: string };
  'store.conflict': { readonly item: string };
  'store.unavailable': { readonly item: string };
  'store.item_too_large': { readonly item: string; readonly maxBytes: number };
  'store.restored': { readonly epoch: number };
  'log.expired': { readonly connectionId: string; readonly afterSequence: number };
  'log.ahead': { readonly connectionId: string; readonly lastSequence: number };
  'publish.partial': { readonly failed: number; readonly firstErrorCode: string };
  'publish.bus_missing': { readonly busName: string };
  'publish.unavailable': { readonly busName: string };
  'publish.behind': { readonly connectionId: string };
  'publish.entry_too_large': { readonly eventId: string; readonly bytes: number; readonly maxBytes: number };
  'queue.unavailable': { readonly messages: number };
  'event.invalid': { readonly path: string };
  'event.unknown_type': { readonly type: string };
  'event.wrong_kind': { readonly type: string };
  'event.other_version': { readonly schemaVersion: string };
  'consumer.busy': { readonly connectionId: string; readonly userId: string };
  'consumer.lease_outlived': { readonly connectionId: string; readonly userId: string };
  'local.state_in_use': { readonly folder: string };
  'local.state_unusable': { readonly folder: string };
  'internal.invariant': { readonly invariant: string };
};
export type FeedErrorCode = keyof FeedErrorContexts;

/** One thing wrong with a configuration: where, what stands there, what to do. */
export type Fault = { readonly path: string; readonly message: string };

/** Which vendor, at which address (origin and path, never the query), answered how. */
export type VendorContext = {
  readonly vendor: string;
  readonly address: string;
  readonly status?: number;
  readonly requestId?: string;
};

/** What to do about an error: exactly one answer a code. */
export type Disposition =
  /** An operator has to change something; retrying as it is will not help. */
  | 'operator'
  /** The connection fails until an operator has looked; tried again with long back-off, nothing is deleted. */
  | 'long_back_off'
  /** Later, at the time the vendor names or after a back-off. */
  | 'later'
  /** At once, with jitter and a bound. */
  | 'retry'
  /** This sweep ends without conclusions; the next one starts anew. */
  | 'fail_sweep'
  /** This sweep starts again from its first page, bounded. */
  | 'restart_sweep'
  /** Someone else is at work; stop quietly. */
  | 'stop_quietly'
  /** Send again what failed, and only that. */
  | 'retry_failed_part'
  /** Not meant for this reader: leave it out and go on. */
  | 'skip'
  /** A fault of this program. */
  | 'bug';

export const dispositions: { readonly [Code in FeedErrorCode]: Disposition } = {
  'config.invalid': 'operator',
  'vendor.unauthorized': 'long_back_off',
  'vendor.forbidden': 'long_back_off',
  'vendor.not_found': 'long_back_off',
  'vendor.rejected_request': 'operator',
  'vendor.rate_limited': 'later',
  'vendor.unavailable': 'retry',
  'vendor.timeout': 'retry',
  'vendor.out_of_time': 'later',
  'vendor.bad_response': 'fail_sweep',
  'vendor.cursor_rejected': 'restart_sweep',
  'vendor.cursor_repeated': 'fail_sweep',
  'sweep.lease_lost': 'stop_quietly',
  'sweep.page_limit': 'fail_sweep',
  'sweep.out_of_time': 'fail_sweep',
  'sweep.checkpoint_gone': 'restart_sweep',
  'sweep.delta_unsupported': 'operator',
  'sweep.entries_lost': 'operator',
  'store.conflict': 'retry',
  'store.unavailable': 'later',
  'store.item_too_large': 'bug',
  'store.restored': 'operator',
  'log.expired': 'operator',
  'log.ahead': 'operator',
  'publish.partial': 'retry_failed_part',
  'publish.bus_missing': 'operator',
  'publish.unavailable': 'later',
  'publish.behind': 'later',
  'publish.entry_too_large': 'bug',
  'queue.unavailable': 'later',
  'event.invalid': 'bug',
  'event.unknown_type': 'skip',
  'event.wrong_kind': 'skip',
  'event.other_version': 'operator',
  'consumer.busy': 'later',
  'consumer.lease_outlived': 'later',
  'local.state_in_use': 'operator',
  'local.state_unusable': 'operator',
  'internal.invariant': 'bug',
};

/** The one error class of this project. Match on `code`, never on the message. */
export class FeedError<Code extends FeedErrorCode = FeedErrorCode> extends Error {
  readonly code: Code;
  readonly context: FeedErrorContexts[Code];

  constructor(code: Code, message: string, context: FeedErrorContexts[Code], options?: ErrorOptions) {
    super(message, options);
    this.name = 'FeedError';
    this.code = code;
    this.context = context;
  }

  get disposition(): Disposition {
    return dispositions[this.code];
  }
}

/** Whether an unknown thrown value is a feed error, optionally of one of some codes. Survives a duplicated package. */
export function isFeedError<Code extends FeedErrorCode>(
  thrown: unknown,
  ...codes: readonly Code[]
): thrown is FeedError<Code> {
  if (!(thrown instanceof Error) || thrown.name !== 'FeedError' || !('code' in thrown)) return false;
  return codes.length === 0 || codes.includes(thrown.code as Code);
}
