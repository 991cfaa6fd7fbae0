import { isFeedError } from '../../model/feed-error.ts';
import type { HttpClient, HttpJson, HttpRequest } from './http-client.ts';
import type { AccessToken, TokenCache } from './token-cache.ts';

/** Where a request's access token comes from. */
export type TokenGrant = {
  /** Names whose token it is, by connection, token endpoint and client. */
  readonly key: string;
  readonly fetchToken: () => Promise<AccessToken>;
};

/**
 * Sends a request with a cached access token. A 401 may mean that the vendor forgot the token before its time, so it
 * is tried once more with a new one.
 *
 * @throws vendor.unauthorized when the new one is refused too, or none is granted
 */
export async function requestWithToken(
  io: { readonly http: HttpClient; readonly tokens: TokenCache },
  grant: TokenGrant,
  buildRequest: (token: string) => HttpRequest,
): Promise<HttpJson> {
  const first = await io.tokens.get(grant.key, grant.fetchToken);
  try {
    return await io.http.requestJson(buildRequest(first));
  } catch (error) {
    if (!isFeedError(error, 'vendor.unauthorized')) throw error;
  }
  // Another request may have replaced the refused token meanwhile: only that one is dropped.
  const current = await io.tokens.get(grant.key, grant.fetchToken);
  if (current !== first) return io.http.requestJson(buildRequest(current));
  io.tokens.drop(grant.key);
  return io.http.requestJson(buildRequest(await io.tokens.get(grant.key, grant.fetchToken)));
}
