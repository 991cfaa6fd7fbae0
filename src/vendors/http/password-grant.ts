import { fetchOauthToken } from './fetch-oauth-token.ts';
import type { HttpClient } from './http-client.ts';
import type { TokenGrant } from './request-with-token.ts';
import { credentialFault, requireCredential } from './require-credential.ts';

export type PasswordGrant = {
  readonly vendor: string;
  readonly connectionId: string;
  /** With `clientId`, `clientSecret`, `username`, `password` and `tokenUrl`. */
  readonly credentials: { readonly [name: string]: string };
  readonly audience: string;
};

/**
 * Tokens for a user's name and password, asked for in JSON and with the audience they are for.
 *
 * Source: RFC 6749 §4.3.2 (the grant); docs.d3lay.com/api-reference/authentication (stored copy, 2026-11: JSON, audience).
 */
export function passwordGrant(http: HttpClient, { credentials, audience, ...place }: PasswordGrant): TokenGrant {
  const need = (name: string) => requireCredential(credentials, name, place);
  const url = URL.parse(need('tokenUrl'));
  if (url === null)
    throw credentialFault('tokenUrl', 'is no address like https://auth.acme.example/oauth/token', place);
  const [client_id, client_secret] = [need('clientId'), need('clientSecret')];
  const [username, password] = [need('username'), need('password')];
  const json = { grant_type: 'password', client_id, client_secret, audience, username, password };
  return {
    key: JSON.stringify([place.vendor, place.connectionId, url.href, client_id, username, audience]),
    fetchToken: () => fetchOauthToken(http, { ...place, url, json, secrets: [client_secret, password] }),
  };
}
