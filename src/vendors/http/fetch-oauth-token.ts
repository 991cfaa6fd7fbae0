import * as z from 'zod/mini';
import { epochMs } from '../../model/instant.ts';
import type { HttpClient, HttpExplanation, HttpFailure, HttpRequest } from './http-client.ts';
import type { AccessToken } from './token-cache.ts';
import { vendorFault } from './vendor-fault.ts';

/**
 * A token request: the grant's own fields, e.g. `grant_type`, `client_id`, `scope`, as a form (RFC 6749) or, where the
 * server wants it so, as JSON.
 */
export type TokenRequest = Pick<HttpRequest, 'vendor' | 'connectionId' | 'url' | 'secrets' | 'headers'> &
  ({ readonly form: Grant } | { readonly json: Grant });
type Grant = { readonly [name: string]: string };

/** Where neither the server nor the token says how long it lives: RFC 6749 §5.1 only recommends to. */
const assumedLifeSeconds = 300;

/** Source: RFC 6749 §5.1 (successful response). `expires_in` is a number, but some servers send it as text. */
const tokenAnswer = z.object({
  access_token: z.string().check(z.minLength(1)),
  token_type: z.optional(z.string()),
  expires_in: z.nullish(z.coerce.number()),
});

/**
 * Fetches an access token from an OAuth 2 token endpoint.
 *
 * @throws vendor.unauthorized (client or user refused), vendor.forbidden (grant or scope not allowed), otherwise as
 * `HttpClient`
 */
export async function fetchOauthToken(http: HttpClient, request: TokenRequest): Promise<AccessToken> {
  const answer = await http.requestJson({ ...request, method: 'POST', explain: explainTokenFailure });
  const token = tokenAnswer.safeParse(answer.body);
  const isBearer = token.success && (token.data.token_type ?? 'bearer').toLowerCase() === 'bearer';
  if (!token.success || !isBearer) {
    const message = `answered ${answer.status} without a bearer token (access_token): is it the token endpoint`;
    throw vendorFault({ ...request, method: 'POST' }, { code: 'vendor.bad_response', message, status: answer.status });
  }
  const { access_token: value, expires_in: seconds } = token.data;
  const receivedAtMs = epochMs(answer.receivedAt);
  if (seconds != null) return { value, expiresAtMs: receivedAtMs + seconds * 1000 };
  return { value, expiresAtMs: readExpiryMs(value) ?? receivedAtMs + assumedLifeSeconds * 1000 };
}

/** What a token says of its own end, if it is a JWT. Source: RFC 7519 §4.1.4 (`exp`, in epoch seconds). */
function readExpiryMs(token: string): number | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const claims = z.object({ exp: z.number() }).safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    return claims.success ? claims.data.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** Source: RFC 6749 §5.2 (error response). */
const refusals: { readonly [error: string]: { readonly code?: HttpExplanation['code']; readonly remedy: string } } = {
  invalid_client: { code: 'vendor.unauthorized', remedy: 'check clientId and clientSecret' },
  invalid_grant: { code: 'vendor.unauthorized', remedy: 'check username and password' },
  unauthorized_client: { code: 'vendor.forbidden', remedy: 'allow this client the grant' },
  invalid_scope: { code: 'vendor.forbidden', remedy: 'allow this client the scope' },
};

function explainTokenFailure({ body }: HttpFailure): HttpExplanation | undefined {
  const refusal = z.object({ error: z.string(), error_description: z.nullish(z.string()) }).safeParse(body);
  if (!refusal.success) return undefined;
  const { error, error_description: description } = refusal.data;
  const known = Object.hasOwn(refusals, error) ? refusals[error] : undefined;
  const parts = [error, description ?? '', known?.remedy ?? ''].filter((part) => part !== '');
  return { message: parts.join('; '), ...(known?.code === undefined ? {} : { code: known.code }) };
}
