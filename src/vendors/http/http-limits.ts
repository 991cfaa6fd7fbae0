/** What bounds one request. */
export type HttpLimits = {
  /** One try, from connecting to the last byte of the body. */
  readonly timeoutMs: number;
  readonly maxTries: number;
  /** All tries and waits together: no wait begins that would end after it. */
  readonly maxElapsedMs: number;
  /** The ceiling of the first wait; it doubles with every further one. */
  readonly backOffMs: number;
  readonly maxBackOffMs: number;
  /** The longest wait a vendor may ask for here; a longer one is reported instead of slept. */
  readonly maxRetryAfterMs: number;
  /** Of a 2xx body, after decompression. */
  readonly maxBodyBytes: number;
  /** Of any other body, which is read for its message only. */
  readonly maxErrorBodyBytes: number;
};

export const defaultHttpLimits: HttpLimits = {
  timeoutMs: 30_000,
  maxTries: 4,
  maxElapsedMs: 120_000,
  backOffMs: 500,
  maxBackOffMs: 10_000,
  maxRetryAfterMs: 60_000,
  maxBodyBytes: 32 * 1024 * 1024,
  maxErrorBodyBytes: 64 * 1024,
};
