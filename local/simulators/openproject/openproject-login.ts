import { type Answer, type Ask, jsonAnswer } from '../simulated-vendor.ts';
import { openProjectFault } from './openproject-fault.ts';

/** Every way in that the simulated instance knows; `apiKey` serves as password of `apikey` and as bearer `token`. */
export const openProjectCredentials = {
  apiKey: 'opapi-simulated-openproject-key',
  token: 'opapi-simulated-openproject-key',
  clientId: 'simulated-openproject-client',
  clientSecret: 'simulated-openproject-secret',
} as const;

const tokenSeconds = 7200;

export type OpenProjectLogin = {
  refuse(ask: Ask): Answer | null;
  issueToken(ask: Ask): Answer;
};

/** Source: opf/openproject docs/api/apiv3/openapi-spec.yml; spec/requests/api/v3/authentication_spec.rb for the two
 *  messages. Assumed: the instance requires a login, and its OAuth answers are Doorkeeper's. */
export function createOpenProjectLogin(nowMs: () => number): OpenProjectLogin {
  const expiryByToken = new Map<string, number>();
  const isKnown = (bearer: string): boolean =>
    bearer === openProjectCredentials.token || (expiryByToken.get(bearer) ?? 0) > nowMs();
  return {
    refuse: ({ headers: { authorization } }) => {
      if (!authorization) return openProjectFault(401, 'You need to be authenticated to access this resource.');
      const [scheme = '', secret = ''] = authorization.split(' ', 2);
      if (scheme.toLowerCase() === 'bearer') return isKnown(secret) ? null : refuseBearer();
      const isRight = scheme.toLowerCase() === 'basic' && decode(secret) === `apikey:${openProjectCredentials.apiKey}`;
      return isRight ? null : openProjectFault(401);
    },
    issueToken: (ask) => {
      const form = new URLSearchParams(ask.body);
      if (form.get('grant_type') !== 'client_credentials') return oauthFault(400, 'unsupported_grant_type');
      if (!isClientRight(ask, form)) return oauthFault(401, 'invalid_client');
      if ((form.get('scope') ?? 'api_v3') !== 'api_v3') return oauthFault(400, 'invalid_scope');
      const access_token = `simulated-openproject-token-${expiryByToken.size + 1}`;
      expiryByToken.set(access_token, nowMs() + tokenSeconds * 1000);
      const created_at = Math.floor(nowMs() / 1000);
      return jsonAnswer(200, {
        access_token,
        token_type: 'Bearer',
        expires_in: tokenSeconds,
        scope: 'api_v3',
        created_at,
      });
    },
  };
}

function refuseBearer(): Answer {
  const fault = openProjectFault(401);
  return {
    ...fault,
    headers: { ...fault.headers, 'www-authenticate': 'Bearer realm="OpenProject API", error="invalid_token"' },
  };
}

/** The client's id and secret stand in the form or, as Basic, in the header. */
function isClientRight({ headers: { authorization = '' } }: Ask, form: URLSearchParams): boolean {
  const { clientId, clientSecret } = openProjectCredentials;
  if (authorization.startsWith('Basic '))
    return decode(authorization.slice('Basic '.length)) === `${clientId}:${clientSecret}`;
  return form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
}

function oauthFault(status: number, error: string): Answer {
  return jsonAnswer(status, { error, error_description: 'The token request was refused.' });
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
