import * as z from 'zod/mini';
import { type Answer, type Ask, jsonAnswer } from '../simulated-vendor.ts';
import { delayFault } from './delay-fault.ts';

/** Both ways in that the simulated service knows. */
export const delayCredentials = {
  token: 'simulated-delay-user-app-token',
  clientId: 'simulated-delay-client',
  clientSecret: 'simulated-delay-secret',
  username: 'simulated-delay-user',
  password: 'simulated-delay-password',
} as const;

/** Source: docs.d3lay.com/api-reference/authentication (stored copy). */
const audience = 'https://hive.dev.delay.dev/admin/v1';
const tokenSeconds = 3600;

const grant = z.object({
  grant_type: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  audience: z.string(),
  username: z.string(),
  password: z.string(),
});

export type DelayLogin = {
  refuse(ask: Ask): Answer | null;
  issueToken(ask: Ask): Answer;
};

/** Source: docs.d3lay.com/api-reference/authentication (stored copy): the JSON of the request, and a JWT with `exp` and
 *  `permissions`. Assumed: the answer says nothing about the life of the token, so that clients must read the token,
 *  and refusals are OAuth's. */
export function createDelayLogin(nowMs: () => number): DelayLogin {
  const expiryByToken = new Map<string, number>();
  const isKnown = (token: string): boolean =>
    token === delayCredentials.token || (expiryByToken.get(token) ?? 0) > nowMs();
  return {
    refuse: ({ headers }) => {
      const [scheme = '', token = ''] = (headers.authorization ?? '').split(' ', 2);
      if (scheme.toLowerCase() !== 'bearer' || !isKnown(token)) return delayFault(401);
      return (headers['x-api-version'] ?? 'v1') === 'v1' ? null : delayFault(400, 'X-API-Version must be v1');
    },
    issueToken: ({ body, headers }) => {
      const isJson = headers['content-type']?.startsWith('application/json') ?? false;
      const refusal = refuseGrant(isJson ? grant.safeParse(parseJson(body)).data : undefined);
      if (refusal) return refusal;
      const expiresAtSeconds = Math.floor(nowMs() / 1000) + tokenSeconds;
      const access_token = writeJwt({ exp: expiresAtSeconds, permissions: ['read:users'], n: expiryByToken.size });
      expiryByToken.set(access_token, expiresAtSeconds * 1000);
      return jsonAnswer(200, { access_token, token_type: 'Bearer' });
    },
  };
}

function refuseGrant(sent: z.output<typeof grant> | undefined): Answer | null {
  if (sent === undefined) return oauthFault(400, 'invalid_request');
  if (sent.grant_type !== 'password') return oauthFault(400, 'unsupported_grant_type');
  const { clientId, clientSecret, username, password } = delayCredentials;
  const isClient = sent.client_id === clientId && sent.client_secret === clientSecret && sent.audience === audience;
  if (!isClient) return oauthFault(401, 'invalid_client');
  return sent.username === username && sent.password === password ? null : oauthFault(403, 'invalid_grant');
}

function writeJwt(claims: object): string {
  const parts = [JSON.stringify({ alg: 'none', typ: 'JWT' }), JSON.stringify(claims), 'simulated'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

function oauthFault(status: number, error: string): Answer {
  return jsonAnswer(status, { error, error_description: 'The token request was refused.' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
