import { describe, expect, it } from 'vitest';
import { createTokenCache } from '../../../../src/vendors/http/create-token-cache.ts';
import type { AccessToken } from '../../../../src/vendors/http/token-cache.ts';

/** A cache on a clock that stands still until moved, and a token endpoint that numbers its tokens. */
function arrange(lifeMs: number) {
  const clock = { ms: 1_000_000 };
  let granted = 0;
  const fetchToken = async (): Promise<AccessToken> => {
    granted += 1;
    return { value: `t${granted}`, expiresAtMs: clock.ms + lifeMs };
  };
  return { clock, cache: createTokenCache(() => clock.ms), fetchToken };
}

describe('createTokenCache', () => {
  it('keeps a token until a minute before it expires', async () => {
    const { clock, cache, fetchToken } = arrange(3_600_000);
    await cache.get('a', fetchToken);

    clock.ms += 3_539_999;
    expect(await cache.get('a', fetchToken)).toBe('t1');
    clock.ms += 1;
    expect(await cache.get('a', fetchToken)).toBe('t2');
  });

  it('keeps a short-lived token for nine tenths of its life', async () => {
    const { clock, cache, fetchToken } = arrange(10_000);
    await cache.get('a', fetchToken);

    clock.ms += 8_999;
    expect(await cache.get('a', fetchToken)).toBe('t1');
    clock.ms += 1;
    expect(await cache.get('a', fetchToken)).toBe('t2');
  });

  it('keeps the tokens of different keys apart', async () => {
    const { cache, fetchToken } = arrange(3_600_000);

    expect([await cache.get('a', fetchToken), await cache.get('b', fetchToken)]).toStrictEqual(['t1', 't2']);
  });

  it('fetches once for all who ask at the same time', async () => {
    const { cache, fetchToken } = arrange(3_600_000);

    const tokens = await Promise.all([
      cache.get('a', fetchToken),
      cache.get('a', fetchToken),
      cache.get('a', fetchToken),
    ]);

    expect(tokens).toStrictEqual(['t1', 't1', 't1']);
  });

  it('passes a failure to all who wait and keeps nothing of it', async () => {
    const { cache, fetchToken } = arrange(3_600_000);
    const fail = () => Promise.reject(new Error('no token'));

    const outcomes = await Promise.allSettled([cache.get('a', fail), cache.get('a', fetchToken)]);

    expect(outcomes.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected']);
    expect(await cache.get('a', fetchToken)).toBe('t1');
  });

  it('forgets a dropped token', async () => {
    const { cache, fetchToken } = arrange(3_600_000);
    await cache.get('a', fetchToken);

    cache.drop('a');

    expect(await cache.get('a', fetchToken)).toBe('t2');
  });

  it('lets a fetch under way finish when the old token is dropped again', async () => {
    const { cache, fetchToken } = arrange(3_600_000);
    const first = cache.get('a', fetchToken);

    cache.drop('a');

    expect([await cache.get('a', fetchToken), await first]).toStrictEqual(['t1', 't1']);
  });
});
