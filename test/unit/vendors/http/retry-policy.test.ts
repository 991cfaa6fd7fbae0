import { describe, expect, it } from 'vitest';
import { defaultHttpLimits } from '../../../../src/vendors/http/http-limits.ts';
import { isRetryableStatus, planRetry } from '../../../../src/vendors/http/retry-policy.ts';

const limits = {
  ...defaultHttpLimits,
  maxTries: 20,
  backOffMs: 100,
  maxBackOffMs: 1_000,
  maxRetryAfterMs: 5_000,
  maxElapsedMs: 60_000,
};
const almostOne = () => 0.999_999;
const question = { tries: 1, elapsedMs: 0 };

describe('planRetry', () => {
  it('doubles the ceiling of the wait up to a bound', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((tries) => planRetry({ tries, elapsedMs: 0 }, limits, almostOne));

    expect(waits).toStrictEqual([99, 199, 399, 799, 999, 999]);
  });

  it('spreads the waits from zero on', () => {
    expect(planRetry(question, limits, () => 0)).toBe(0);
  });

  it('never waits less than the vendor asks', () => {
    expect(planRetry({ ...question, retryAfterMs: 5_000 }, limits, almostOne)).toBe(5_000);
    expect(planRetry({ ...question, retryAfterMs: 0 }, limits, almostOne)).toBe(99);
  });

  it.each([
    ['after the last try', { tries: 20, elapsedMs: 0 }],
    ['when the vendor asks for more than the bound', { ...question, retryAfterMs: 5_001 }],
    ['when the time would run out while waiting', { tries: 1, elapsedMs: 59_902 }],
  ])('gives up %s', (_when, asked) => {
    expect(planRetry(asked, limits, almostOne)).toBe('give_up');
  });
});

describe('isRetryableStatus', () => {
  it('is true for what may pass only', () => {
    const statuses = [400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 501, 502, 503, 504, 505];

    expect(statuses.filter(isRetryableStatus)).toStrictEqual([408, 429, 500, 502, 503, 504]);
  });
});
