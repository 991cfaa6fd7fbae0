import { type Answer, jsonAnswer } from '../simulated-vendor.ts';

export const halJson = 'application/hal+json; charset=utf-8';

const faults: Readonly<Record<number, readonly [name: string, message: string]>> = {
  400: ['InvalidQuery', 'The query is not valid.'],
  401: ['Unauthenticated', 'You did not provide the correct credentials.'],
  403: ['MissingPermission', 'You are not allowed to list users.'],
  404: ['NotFound', 'The requested resource could not be found.'],
  429: ['TooManyRequests', 'Too many requests.'],
};

/** A HAL error. Source: opf/openproject docs/api/apiv3 (the 400 and 403 of the list) and lib/api/errors for the other
 *  names. Assumed: statuses without a name of their own come as InternalServerError. */
export function openProjectFault(status: number, message?: string): Answer {
  const [name, usual] = faults[status] ?? ['InternalServerError', 'An internal error has occurred.'];
  const errorIdentifier = `urn:openproject-org:api:v3:errors:${name}`;
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="OpenProject API"' } : {};
  const body = { _type: 'Error', errorIdentifier, message: message ?? usual };
  return jsonAnswer(status, body, { contentType: halJson, headers });
}
