import { describe, expect, it } from 'vitest';
import { cursor } from '../../../../src/model/ids.ts';
import error401 from '../../../fixtures/vendors/truto/error-401-remote.json' with { type: 'json' };
import error403 from '../../../fixtures/vendors/truto/error-403-missing-scopes.json' with { type: 'json' };
import { answerBytes, answerJson } from '../../../support/vendor-server.ts';
import { failureOf } from '../vendor-io.ts';
import { trutoUnderTest } from './truto-under-test.ts';

const { tested, fetchPage } = trutoUnderTest();
const page = answerJson({ result: [], next_cursor: null });
const own = (statusCode: number, message = 'so it is') => ({ statusCode, error: 'Name', message });
const remote = (statusCode: number, message = 'so it is') => ({
  ...own(statusCode, message),
  truto_is_remote_error: true,
  raw_response: 'never to be seen',
});
const missing = {
  ...own(400),
  truto_error_insight: { missing_required_query_parameters: { description: 'x', value: ['workspace_id'] } },
};

describe('truto.fetchPage, refused', () => {
  it.each([
    [400, own(400), 'vendor.rejected_request', /Name: so it is; check the options .*needs integratedAccountId/],
    [400, missing, 'vendor.rejected_request', /the back end requires workspace_id: set it as an option, or in remoteQ/],
    [401, own(401), 'vendor.unauthorized', /Truto refused the token of this connection/],
    [401, error401, 'vendor.unauthorized', /the token of this connection is good.*customer: ask him to reconnect/],
    [403, own(403), 'vendor.forbidden', /check that the token is allowed to read this account/],
    [403, remote(403), 'vendor.forbidden', /the back end does not let the account of the customer list users/],
    [403, error403, 'vendor.forbidden', /403: Forbidden; .*lacks the scopes users:read, groups:read: ask him/],
    [404, own(404), 'vendor.not_found', /check integratedAccountId, and that the token is of the same environment/],
    [422, remote(422), 'vendor.rejected_request', /answered 422: Name: so it is$/],
    [503, own(503), 'vendor.forbidden', /the account is blocked: it will not pass by itself/],
  ])('explains a %i and does not ask again: %j', async (status, body, code, expected) => {
    tested.server.play(answerJson(body, { status }));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe(code);
    expect(error.message).toMatch(expected);
    expect(error.message).not.toMatch(/never to be seen|s3cret/);
    expect(tested.io.sleptMs).toStrictEqual([]);
  });

  it('takes a 503 without a word for a blocked account, too', async () => {
    tested.server.play(answerBytes('', { status: 503 }));

    expect((await failureOf(fetchPage())).code).toBe('vendor.forbidden');
  });

  it.each([
    [500, own(500)],
    [502, own(502)],
    [504, own(504)],
    [500, remote(500)],
    [503, remote(503)],
  ])('tries a %i again: %j', async (status, body) => {
    tested.server.play(answerJson(body, { status }), page);

    expect((await fetchPage()).retries).toBe(1);
  });

  it.each([
    ['is Truto’s', own(429), /the limit is Truto’s: 50 requests in 10 s per account, 500 per token/],
    ['is the back end’s', remote(429, ''), /429: Name; the limit is the back end’s/],
  ])('waits as long as a 429 asks that %s, and says whose it is', async (_whose, body, expected) => {
    const limited = answerJson(body, { status: 429, headers: { 'retry-after': '10' } });
    tested.server.play(limited, limited);

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.rate_limited');
    expect(error.context).toMatchObject({ retryAfterMs: 10_000 });
    expect(error.message).toMatch(expected);
    expect(tested.io.sleptMs).toStrictEqual([10_000]);
  });

  it.each([
    ['the seconds until the window opens again', { 'ratelimit-reset': '4', 'ratelimit-remaining': '0' }, 4_000],
    ['them without the number that remains', { 'ratelimit-reset': '4' }, 4_000],
    ['Retry-After where both stand', { 'ratelimit-reset': '4', 'retry-after': '7' }, 7_000],
    ['by itself where there is room left', { 'ratelimit-reset': '4', 'ratelimit-remaining': '3' }, 250],
    ['by itself for what is no number', { 'ratelimit-reset': 'soon' }, 250],
    ['by itself for a window that is open', { 'ratelimit-reset': '0' }, 250],
  ])('waits %s', async (_what, headers, waitMs) => {
    tested.server.play(answerJson(remote(429), { status: 429, headers }), page);

    await fetchPage();

    expect(tested.io.sleptMs).toStrictEqual([waitMs]);
  });

  it.each([400, 404, 422])('takes a %i for an expired cursor where one was sent', async (status) => {
    tested.server.play(answerJson(own(status), { status }));

    const error = await failureOf(fetchPage({ cursor: cursor('{"cursor":"old"}') }));

    expect(error.code).toBe('vendor.cursor_rejected');
    expect(error.message).toMatch(/the cursor is no longer accepted$/);
  });

  it('does not blame the cursor for a parameter that is missing, nor for a refused token', async () => {
    tested.server.play(answerJson(missing, { status: 400 }), answerJson(own(401), { status: 401 }));
    const resumed = { cursor: cursor('{"cursor":"old"}') };

    expect((await failureOf(fetchPage(resumed))).code).toBe('vendor.rejected_request');
    expect((await failureOf(fetchPage(resumed))).code).toBe('vendor.unauthorized');
  });

  it.each([
    ['of no known form', ['boom']],
    ['with hints of no known form', { ...own(403), message: 7, truto_error_insight: { forbidden_error: 'no' } }],
    [
      'with scopes of no known form',
      { ...own(403), truto_error_insight: { forbidden_error: { value: { missing_scopes: 1 } } } },
    ],
  ])('reads an error %s', async (_what, body) => {
    tested.server.play(answerJson(body, { status: 403 }));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.forbidden');
    expect(error.message).toMatch(/check that the token is allowed to read this account$/);
  });
});
