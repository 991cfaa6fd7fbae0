import type { ServerResponse } from 'node:http';

/** On everything the console answers: nothing inline, nothing from elsewhere, in nobody's frame, kept nowhere. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Begins an answer with the headers that all answers have. */
export function beginAnswer(response: ServerResponse, status: number, type: string): void {
  response.writeHead(status, { ...headers, 'content-type': type });
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  beginAnswer(response, status, 'application/json');
  response.end(JSON.stringify(body));
}
