import type { AccessToken, TokenCache } from './token-cache.ts';

/** A token is fetched again this long before it expires, or at nine tenths of a short life. */
const maxMarginMs = 60_000;

/** Access tokens in memory: gone with the program, never stored. */
export function createTokenCache(nowMs: () => number): TokenCache {
  const kept = new Map<string, { readonly value: string; readonly staleAtMs: number }>();
  const fetching = new Map<string, Promise<string>>();

  async function fetchAndKeep(key: string, fetchToken: () => Promise<AccessToken>): Promise<string> {
    try {
      const askedAtMs = nowMs();
      const { value, expiresAtMs } = await fetchToken();
      const margin = Math.min(maxMarginMs, (expiresAtMs - askedAtMs) / 10);
      kept.set(key, { value, staleAtMs: expiresAtMs - margin });
      return value;
    } finally {
      fetching.delete(key);
    }
  }

  return {
    async get(key, fetchToken) {
      const known = kept.get(key);
      if (known !== undefined && nowMs() < known.staleAtMs) return known.value;
      const underWay = fetching.get(key);
      if (underWay !== undefined) return underWay;
      const fetched = fetchAndKeep(key, fetchToken);
      fetching.set(key, fetched);
      return fetched;
    },
    // A fetch under way stays: what it brings is newer than the token that was refused.
    drop: (key) => void kept.delete(key),
  };
}
