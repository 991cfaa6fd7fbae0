import { type Answer, jsonAnswer } from '../simulated-vendor.ts';

const codes: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  422: 'UNPROCESSABLE_ENTITY',
  429: 'TOO_MANY_REQUESTS',
};

/** ErrorResponse. Source: docs.leen.dev/api-reference/itsm/get-users (stored copy), which shows it for 422 alone.
 *  Assumed: the other statuses look the same, and these are the words in it. */
export function leenFault(status: number, message = 'The request could not be served', detail: object[] = []): Answer {
  const type = status < 500 ? 'client_error' : 'server_error';
  return jsonAnswer(status, { type, code: codes[status] ?? `HTTP_${status}`, message, detail });
}

/** 422 that names the parameter. */
export function invalidParameter(name: string, message: string): Answer {
  return leenFault(422, message, [{ loc: ['query', name], msg: message, type: 'value_error' }]);
}
