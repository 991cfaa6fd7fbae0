import { type Answer, type Ask, jsonAnswer } from '../simulated-vendor.ts';
import { yuuvisFault } from './yuuvis-fault.ts';

/** Every way in that the simulated gateway knows, and its tenant. The client is also let in without its secret where a
 *  password is given, as a public client would be. */
export const yuuvisCredentials = {
  username: 'simulated-yuuvis-reader',
  password: 'simulated-yuuvis-password',
  token: 'simulated-yuuvis-token',
  clientId: 'simulated-yuuvis-client',
  clientSecret: 'simulated-yuuvis-secret',
  tenant: 'simulated',
} as const;

/** The realm of the tenant. Source: keycloak, "Server endpoints"; the `/auth` before it is a matter of configuration. */
export const yuuvisTokenPath = `/auth/realms/${yuuvisCredentials.tenant}/protocol/openid-connect/token`;

/** Keycloak's own default. */
const tokenSeconds = 300;

export type YuuvisLogin = {
  refuse(ask: Ask): Answer | null;
  issueToken(ask: Ask): Answer;
};

/** Source: OPTIMALSYSTEMS/yuuvis-momentum-java-tutorials (Basic or Bearer, X-ID-TENANT-NAME). Assumed: a missing or
 *  other tenant is a 401, because its realm does not know the user. */
export function createYuuvisLogin(nowMs: () => number): YuuvisLogin {
  const expiryByToken = new Map<string, number>();
  let issued = 0;
  const { username, password, token, tenant } = yuuvisCredentials;
  const isSignedIn = (authorization = ''): boolean => {
    const [scheme = '', secret = ''] = authorization.split(' ', 2);
    if (scheme.toLowerCase() === 'bearer') return secret === token || (expiryByToken.get(secret) ?? 0) > nowMs();
    const isRight = Buffer.from(secret, 'base64').toString() === `${username}:${password}`;
    return scheme.toLowerCase() === 'basic' && isRight;
  };
  return {
    refuse: ({ headers }) => {
      const isTenant = headers['x-id-tenant-name'] === tenant;
      return isTenant && isSignedIn(headers.authorization) ? null : yuuvisFault(nowMs, 401);
    },
    issueToken: ({ body }) => {
      const form = new URLSearchParams(body);
      const refusal = refuseGrant(form);
      if (refusal !== null) return refusal;
      const scope = form.get('scope') ?? '';
      issued += 1;
      const access_token = `simulated-yuuvis-token-${issued}`;
      // A token without it lets nobody in. Source: OPTIMALSYSTEMS/yuuvis-api-helm-charts README, 2023 autumn.
      if (scope.split(' ').includes('openid')) expiryByToken.set(access_token, nowMs() + tokenSeconds * 1000);
      return jsonAnswer(200, {
        access_token,
        expires_in: tokenSeconds,
        refresh_expires_in: 0,
        token_type: 'Bearer',
        'not-before-policy': 0,
        scope: `${scope} profile email`.trim(),
      });
    },
  };
}

/** In Keycloak's words. Source: keycloak, OAuthErrorException and the resource owner password grant. */
function refuseGrant(form: URLSearchParams): Answer | null {
  const { username, password, clientId, clientSecret } = yuuvisCredentials;
  const grant = form.get('grant_type');
  const isPerson = grant === 'password';
  if (!isPerson && grant !== 'client_credentials')
    return oauthFault(400, 'unsupported_grant_type', 'Unsupported grant_type');
  const secret = form.get('client_secret') ?? (isPerson ? clientSecret : null);
  if (form.get('client_id') !== clientId || secret !== clientSecret)
    return oauthFault(401, 'invalid_client', 'Invalid client or Invalid client credentials');
  const isKnown = form.get('username') === username && form.get('password') === password;
  return isPerson && !isKnown ? oauthFault(401, 'invalid_grant', 'Invalid user credentials') : null;
}

function oauthFault(status: number, error: string, error_description: string): Answer {
  return jsonAnswer(status, { error, error_description });
}
