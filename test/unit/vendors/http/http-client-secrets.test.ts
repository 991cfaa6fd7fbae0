import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../../src/vendors/http/http-client.ts';
import {
  answerJson,
  hangUp,
  type ScriptedAnswer,
  startVendorServer,
  type VendorServer,
} from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxTries: 1 });
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const secret = 'p@ss w/ö+"rd';
const base64 = Buffer.from(`apikey:${secret}`).toString('base64');
const request = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
  vendor: 'acme',
  connectionId: 'acme-main',
  url: new URL(`${server.baseUrl}/users`),
  headers: { authorization: `Basic ${base64}` },
  secrets: [secret],
  explain: ({ body }) => ({ message: (body as { said: string }).said }),
  ...changes,
});

/** All that a log could show of an error. */
const shown = (error: Error) => inspect(error, { depth: 9, showHidden: true });

describe('createHttpClient', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in an address', `/x?key=${encodeURIComponent(secret)}`],
    ['in a form', new URLSearchParams({ secret }).toString()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['as the header was', base64],
    ['as the header was, unpacked', `apikey:${secret}`],
  ])('cuts a secret out of what the vendor echoes %s', async (_how, echo) => {
    server.play(answerJson({ said: `bad key ${echo}!` }, { status: 401 }));

    const error = await failureOf(io.http.requestJson(request()));

    expect(error.message).toMatch(/answered 401: bad key .*\[redacted\].*!$/);
    expect(shown(error)).not.toContain(echo);
    expect(shown(error)).not.toContain(secret);
  });

  it('cuts a token out that only the header names', async () => {
    server.play(answerJson({ said: 'token t0ken-1 has expired' }, { status: 401 }));

    const error = await failureOf(
      io.http.requestJson(request({ secrets: [], headers: { Authorization: 'Bearer t0ken-1' } })),
    );

    expect(error.message).toMatch(/token \[redacted\] has expired$/);
  });

  it.each<[string, ScriptedAnswer, RegExp]>([
    ['a refusal', answerJson({ said: 'no' }, { status: 401, headers: { 'x-request-id': 'r s3cret' } }), /answered 401/],
    ['a broken connection', hangUp, /could not be reached/],
    [
      'a redirect',
      answerJson({}, { status: 307, headers: { location: '/in/s3cret' } }),
      /redirect to \/in\/\[redacted\]/,
    ],
  ])('keeps secret and query out of message, context and cause of %s', async (_what, answer, expected) => {
    server.play(answer);
    const url = new URL(`${server.baseUrl}/users/s3cret?name=Ann`);

    const error = await failureOf(io.http.requestJson(request({ url, secrets: ['s3cret'] })));

    expect(error.message).toMatch(expected);
    expect(error.message).toContain('/users/[redacted] ');
    expect(shown(error)).not.toMatch(/s3cret|name=Ann/);
  });

  it('keeps addresses of users and line breaks out of what the vendor says, and bounds it', async () => {
    server.play(answerJson({ said: `user <h.wurst@example.com>\n\u0007taken ${'x'.repeat(2_000)}` }, { status: 422 }));

    const error = await failureOf(io.http.requestJson(request()));

    expect(error.message).toMatch(/answered 422: user <\[address\]> taken x+…$/);
    expect(error.message.length).toBeLessThan(1_200);
  });
});
