import { type Answer, jsonAnswer } from '../simulated-vendor.ts';

const messages: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  429: 'Too many requests',
};

/** Assumed: no error of Delay's is documented, so clients must not rely on any of it. */
export function delayFault(status: number, message = messages[status] ?? 'The request could not be served'): Answer {
  return jsonAnswer(status, { message });
}
