import { type Answer, jsonAnswer } from '../simulated-vendor.ts';
import type { Spot, Traps } from '../traps.ts';

const names: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** An error of Truto's own: three fields, nothing more.
 *  Source: trutohq/truto-skills skills/truto-operator/references/error-and-evidence-model.md@f792f61. */
export function trutoFault(status: number, message = 'The request could not be served', more: object = {}): Answer {
  return jsonAnswer(status, { statusCode: status, error: names[status] ?? `HTTP ${status}`, message, ...more });
}

/** An error of the back end, passed on with its own words, its headers and a hint. Source: as above. */
function remoteFault(status: number, message: string, hints: object = {}, headers: Record<string, string> = {}) {
  const fault = trutoFault(status, message, {
    truto_is_remote_error: true,
    raw_response: { error: { code: status, text: message } },
    truto_error_insight: {
      remote_error: { description: 'The underlying API answered with an error.' },
      conditionally_required_query_parameters: { description: 'Depends.', value: { workspace_id: 'group_id is set' } },
      ...hints,
    },
  });
  return { ...fault, headers: { ...fault.headers, ...headers } };
}

/** What a trap of Truto's own has it answer instead of the truth; null where none is armed. */
export function replaceTrutoAnswer(traps: Traps, spot: Spot): Answer | null {
  if (traps.fire('remoteUnauthorized', spot)) return remoteFault(401, 'The refresh token has been revoked');
  const lacking = traps.fire('missingScopes', spot);
  if (lacking) {
    const forbidden_error = { description: 'Scopes are missing.', value: { missing_scopes: lacking.scopes } };
    return remoteFault(403, 'Insufficient scope', { forbidden_error });
  }
  if (traps.fire('accountBlocked', spot)) return trutoFault(503, 'The integrated account has been blocked');
  const limited = traps.fire('remoteRateLimited', spot);
  if (!limited) return null;
  const seconds = String(limited.seconds);
  const reset = { 'ratelimit-limit': '110;w=10', 'ratelimit-remaining': '0', 'ratelimit-reset': seconds };
  const headers = limited.header === 'retry-after' ? { 'retry-after': seconds } : reset;
  return remoteFault(429, '', { rate_limit_error: { description: 'The underlying API limits requests.' } }, headers);
}
