import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import type { Credentials } from '../../../../src/vendors/vendor.ts';
import { answerJson } from '../../../support/vendor-server.ts';
import { failureOf, startMs } from '../vendor-io.ts';
import { optionsOf, useDelay } from './delay-under-test.ts';

const tested = useDelay();
const client = (): Credentials => ({
  clientId: 'c1',
  clientSecret: 's3cret',
  username: 'ann@example.com',
  password: 'pa55word',
  tokenUrl: `${tested.server.baseUrl}/oauth/token`,
});
/** A JWT that ends so many seconds after the tests begin. */
const jwt = (seconds: number, name = 'n') =>
  [{ alg: 'none' }, { exp: startMs / 1000 + seconds, permissions: ['read:users'], name }, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const grant = (access_token: string, rest: object = {}) => answerJson({ access_token, ...rest });
const signIns = () =>
  tested.server.received.map(({ path, headers }) => `${path} ${headers.authorization ?? 'unsigned'}`);
const list = answerJson([]);

describe('delay.fetchPage', () => {
  it('fetches a token for name and password, in JSON', async () => {
    tested.server.play(grant('t1', { expires_in: 3600, token_type: 'Bearer' }), list);

    await tested.fetchPage({ credentials: client() });

    expect(signIns()).toStrictEqual(['/oauth/token unsigned', '/admin/v1/users Bearer t1']);
    expect(tested.server.received[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(tested.server.received[0]?.body ?? '')).toStrictEqual({
      grant_type: 'password',
      client_id: 'c1',
      client_secret: 's3cret',
      audience: 'https://hive.dev.delay.dev/admin/v1',
      username: 'ann@example.com',
      password: 'pa55word',
    });
  });

  it('asks for the audience that the operator names', async () => {
    tested.server.play(grant('t1'), list);

    await tested.fetchPage({ credentials: client(), options: optionsOf({ audience: 'https://hive.example' }) });

    expect(JSON.parse(tested.server.received[0]?.body ?? '')).toMatchObject({ audience: 'https://hive.example' });
  });

  it('prefers the token that the operator made', async () => {
    tested.server.play(list);

    await tested.fetchPage({ credentials: { ...client(), token: 't0' } });

    expect(signIns()).toStrictEqual(['/admin/v1/users Bearer t0']);
  });

  it.each([
    ['as the token itself says', jwt(3600), {}, 1],
    ['shorter where the server says so', jwt(3600), { expires_in: 100 }, 2],
    ['five minutes where nobody says', 'opaque', {}, 2],
    ['five minutes where the token cannot be read', 'a.e30.c', {}, 2],
  ])('keeps a token for %s', async (_what, token, rest, grants) => {
    const later = answerJson({}, { status: 503, headers: { 'retry-after': '50' } });
    tested.server.play(grant(token, rest), list, ...Array.from({ length: 12 }, () => later));
    await tested.fetchPage({ credentials: client() });
    // Only waiting moves the clock: 50 s with each pair of failures.
    for (let pair = 0; pair < 6; pair += 1) {
      const failure = await failureOf(tested.fetchPage({ credentials: { token: 'other' } }));
      expect(failure.code).toBe('vendor.unavailable');
    }
    tested.server.play(...(grants === 2 ? [grant('t2')] : []), list);

    await tested.fetchPage({ credentials: client() });

    const asked = signIns().filter((line) => line.startsWith('/oauth/token'));
    expect(asked.length).toBe(grants);
  });

  it.each(['clientId', 'username'])('fetches another token for another %s', async (name) => {
    tested.server.play(grant('t1'), list, grant('t2'), list);

    await tested.fetchPage({ credentials: client() });
    await tested.fetchPage({ credentials: { ...client(), [name]: 'other' } });

    expect(signIns().at(-1)).toBe('/admin/v1/users Bearer t2');
  });

  it('keeps the tokens of two connections apart', async () => {
    tested.server.play(grant('t1'), list, grant('t2'), list);

    await tested.fetchPage({ credentials: client(), connectionId: connectionId('one') });
    await tested.fetchPage({ credentials: client(), connectionId: connectionId('two') });

    expect(signIns().at(-1)).toBe('/admin/v1/users Bearer t2');
  });

  it('fetches a new token once after a 401', async () => {
    const refusal = answerJson({}, { status: 401 });
    tested.server.play(grant('t1'), refusal, grant('t2'), refusal);

    expect((await failureOf(tested.fetchPage({ credentials: client() }))).code).toBe('vendor.unauthorized');
    expect(signIns()).toStrictEqual([
      '/oauth/token unsigned',
      '/admin/v1/users Bearer t1',
      '/oauth/token unsigned',
      '/admin/v1/users Bearer t2',
    ]);
  });

  it('does not take a refusal by the token endpoint for one of the order, and shows no secret', async () => {
    const body = { error: 'invalid_request', error_description: 's3cret pa55word ann@example.com' };
    tested.server.play(answerJson(body, { status: 400 }));

    const error = await failureOf(tested.fetchPage({ credentials: client() }));

    expect(error.code).toBe('vendor.rejected_request');
    expect(error.message).toMatch(
      /\/oauth\/token answered 400: invalid_request; \[redacted\] \[redacted\] \[address\]$/,
    );
  });

  it.each([
    [{}, 'credentials.token'],
    [{ token: '' }, 'credentials.token'],
    [{ clientSecret: undefined }, 'credentials.clientSecret'],
    [{ username: undefined }, 'credentials.username'],
    [{ password: '' }, 'credentials.password'],
    [{ tokenUrl: undefined }, 'credentials.tokenUrl'],
    [{ tokenUrl: 'somewhere' }, 'credentials.tokenUrl'],
  ])('does not ask with %j', async (change: object, path) => {
    const isToken = path === 'credentials.token';
    const given = Object.entries({ ...(isToken ? {} : client()), ...change }).filter(
      ([, value]) => value !== undefined,
    );

    const error = await failureOf(tested.fetchPage({ credentials: Object.fromEntries(given) }));

    expect(error.code).toBe('config.invalid');
    expect(error.context).toMatchObject({ faults: [{ path }] });
    expect(error.message).not.toContain('somewhere');
  });

  it('sends no password in the clear to another machine', async () => {
    const credentials = { ...client(), tokenUrl: 'http://login.example.com/token' };

    const error = await failureOf(tested.fetchPage({ credentials }));

    expect(error.message).toMatch(/POST http:\/\/login\.example\.com\/token was not sent: plain http/);
  });
});
