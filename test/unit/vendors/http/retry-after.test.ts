import { afterEach, describe, expect, it, vi } from 'vitest';
import { readRetryAfterMs } from '../../../../src/vendors/http/retry-after.ts';

const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30);

afterEach(() => void vi.unstubAllEnvs());

describe('readRetryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 7_000],
    ['Sun Nov  6 08:49:37 1994', 7_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ])('reads %s', (header, waitMs) => {
    expect(readRetryAfterMs({ 'retry-after': header }, nowMs)).toBe(waitMs);
  });

  it.each(['', 'soon', '-5', '1.5', '5 minutes', 'Sun, 99 Nov 1994', '1994-11-06T08:49:37Z'])(
    'reads nothing from "%s"',
    (header) => {
      expect(readRetryAfterMs({ 'retry-after': header }, nowMs)).toBeUndefined();
    },
  );

  it('takes the oldest spelling for UTC wherever it runs', () => {
    vi.stubEnv('TZ', 'Asia/Kolkata');

    expect(new Date(nowMs).getHours()).toBe(14);
    expect(readRetryAfterMs({ 'retry-after': 'Sun Nov  6 08:49:37 1994' }, nowMs)).toBe(7_000);
  });

  it('reads nothing where there is no header', () => {
    expect(readRetryAfterMs({}, nowMs)).toBeUndefined();
  });
});
