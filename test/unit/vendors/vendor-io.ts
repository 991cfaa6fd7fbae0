import { Agent } from 'undici';
import { FeedError } from '../../../src/model/feed-error.ts';
import { createHttpClient } from '../../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../../src/vendors/http/create-token-cache.ts';
import type { HttpLimits } from '../../../src/vendors/http/http-limits.ts';
import { createSessionCookies } from '../../../src/vendors/http/session-cookies.ts';
import type { VendorIo } from '../../../src/vendors/vendor.ts';

export const startMs = Date.UTC(2026, 10, 23, 8, 15, 30);
export const startInstant = '2026-11-23T08:15:30.000Z';

export type TestIo = VendorIo & {
  /** Every wait asked for, in order. The clock moves on by it; nothing sleeps. */
  readonly sleptMs: readonly number[];
  close(): Promise<void>;
};

/** The real client and the real token cache on a clock that only sleeping moves, with `random` at one half. */
export function createTestIo(limits: Partial<HttpLimits> = {}): TestIo {
  const dispatcher = new Agent();
  const sleptMs: number[] = [];
  let clockMs = startMs;
  const nowMs = () => clockMs;
  const sleep = async (ms: number) => {
    sleptMs.push(ms);
    clockMs += ms;
  };
  return {
    http: createHttpClient({ dispatcher, nowMs, sleep, random: () => 0.5, limits }),
    tokens: createTokenCache(nowMs),
    sessions: createSessionCookies(),
    sleptMs,
    close: () => dispatcher.destroy(),
  };
}

/** The feed error a promise ends with; any other end fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<FeedError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof FeedError) return outcome.error;
  throw new Error('expected a feed error', {
    cause: 'error' in outcome ? outcome.error : JSON.stringify(outcome.value),
  });
}
