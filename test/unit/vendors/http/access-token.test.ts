import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchOauthToken } from '../../../../src/vendors/http/fetch-oauth-token.ts';
import type { HttpRequest } from '../../../../src/vendors/http/http-client.ts';
import { requestWithToken } from '../../../../src/vendors/http/request-with-token.ts';
import { answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, startMs, type TestIo } from '../vendor-io.ts';

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

const place = { vendor: 'acme', connectionId: 'acme-main' };
const fetchToken = () =>
  fetchOauthToken(io.http, {
    ...place,
    url: new URL(`${server.baseUrl}/oauth/token`),
    form: { grant_type: 'client_credentials', client_id: 'c1', client_secret: 's3cret' },
    secrets: ['s3cret'],
  });
const grant = (value: string) => answerJson({ access_token: value, token_type: 'Bearer', expires_in: 7200 });
const refuse = (status: number) => answerJson({}, { status });

describe('fetchOauthToken', () => {
  it('sends the grant as a form and reads when the token expires', async () => {
    server.play(grant('t1'));

    expect(await fetchToken()).toStrictEqual({ value: 't1', expiresAtMs: startMs + 7_200_000 });
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/oauth/token',
      body: 'grant_type=client_credentials&client_id=c1&client_secret=s3cret',
    });
  });

  it.each([
    ['no life', { access_token: 't1' }, 300_000],
    ['its life as text', { access_token: 't1', token_type: 'bearer', expires_in: '60' }, 60_000],
  ])('accepts a token with %s', async (_what, body, lifeMs) => {
    server.play(answerJson(body));

    expect((await fetchToken()).expiresAtMs).toBe(startMs + lifeMs);
  });

  it.each([
    ['no token', { ok: true }],
    ['an empty token', { access_token: '' }],
    ['a token of another type', { access_token: 't1', token_type: 'mac' }],
    ['a life that is no number', { access_token: 't1', expires_in: 'long' }],
  ])('rejects an answer with %s', async (_what, body) => {
    server.play(answerJson(body));

    const error = await failureOf(fetchToken());

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(/POST .*\/oauth\/token answered 200 without a bearer token/);
  });

  it.each([
    [401, 'invalid_client', 'vendor.unauthorized', /check clientId and clientSecret/],
    [400, 'invalid_grant', 'vendor.unauthorized', /check username and password/],
    [400, 'invalid_scope', 'vendor.forbidden', /allow this client the scope/],
    [400, 'invalid_request', 'vendor.rejected_request', /answered 400: invalid_request; about \[redacted\]$/],
  ])('explains %i %s', async (status, error, code, expected) => {
    server.play(answerJson({ error, error_description: 'about s3cret' }, { status }));

    const failure = await failureOf(fetchToken());

    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(expected);
    expect(failure.message).not.toContain('s3cret');
  });
});

describe('requestWithToken', () => {
  const build = (token: string): HttpRequest => ({
    ...place,
    url: new URL(`${server.baseUrl}/users`),
    headers: { authorization: `Bearer ${token}` },
    secrets: [],
  });
  const send = () => requestWithToken(io, { key: 'k', fetchToken }, build);
  const tokensSeen = () =>
    server.received.filter(({ path }) => path === '/users').map(({ headers }) => headers.authorization);

  it('asks for a token once for several requests', async () => {
    server.play(grant('t1'), answerJson([1]), answerJson([2]));
    await send();

    expect((await send()).body).toStrictEqual([2]);
    expect(tokensSeen()).toStrictEqual(['Bearer t1', 'Bearer t1']);
  });

  it('tries once more with a new token after a 401', async () => {
    server.play(grant('t1'), refuse(401), grant('t2'), answerJson([1]));

    expect((await send()).body).toStrictEqual([1]);
    expect(tokensSeen()).toStrictEqual(['Bearer t1', 'Bearer t2']);
  });

  it('reports unauthorized when the new token is refused too', async () => {
    server.play(grant('t1'), refuse(401), grant('t2'), refuse(401));

    expect((await failureOf(send())).code).toBe('vendor.unauthorized');
  });

  it('keeps the token after a 403', async () => {
    server.play(grant('t1'), refuse(403), answerJson([1]));

    expect((await failureOf(send())).code).toBe('vendor.forbidden');
    expect((await send()).body).toStrictEqual([1]);
  });

  it('does not drop the token that another request fetched meanwhile', async () => {
    server.play(grant('t1'), answerJson([0]));
    await send();
    const replaceToken: typeof build = (token) => {
      if (token === 't1') io.tokens.drop('k');
      return build(token);
    };
    server.play(refuse(401), grant('t2'), answerJson([1]));

    await requestWithToken(io, { key: 'k', fetchToken }, replaceToken);

    expect(tokensSeen()).toStrictEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });
});
