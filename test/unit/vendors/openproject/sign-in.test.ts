import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import { openproject } from '../../../../src/vendors/openproject/vendor.ts';
import type { Credentials } from '../../../../src/vendors/vendor.ts';
import list from '../../../fixtures/vendors/openproject/users.json' with { type: 'json' };
import { answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
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

const fetchPage = (credentials: Credentials, name = 'acme-openproject') =>
  openproject.fetchPage(
    {
      connectionId: connectionId(name),
      baseUrl: server.baseUrl,
      credentials,
      options: openproject.options.parse({}),
      cursor: undefined,
    },
    io,
  );
const grant = (value: string) =>
  answerJson({ access_token: value, token_type: 'Bearer', expires_in: 7200, scope: 'api_v3' });
const signIns = () => server.received.map(({ path, headers }) => `${path} ${headers.authorization ?? 'unsigned'}`);
const client = { clientId: 'c1', clientSecret: 's3cret' };

describe('openproject.fetchPage', () => {
  it('signs in with an API key as the user apikey', async () => {
    server.play(answerJson(list));

    await fetchPage({ apiKey: 'k:1' });

    expect(signIns()).toStrictEqual([`/api/v3/users Basic ${Buffer.from('apikey:k:1').toString('base64')}`]);
  });

  it('signs in with a token', async () => {
    server.play(answerJson(list));

    await fetchPage({ token: 'opapi-1' });

    expect(signIns()).toStrictEqual(['/api/v3/users Bearer opapi-1']);
  });

  it('signs in as an application, with one token for many pages', async () => {
    server.play(grant('t1'), answerJson(list), answerJson(list));

    await fetchPage(client);
    await fetchPage(client);

    expect(signIns()).toStrictEqual(['/oauth/token unsigned', '/api/v3/users Bearer t1', '/api/v3/users Bearer t1']);
    expect(server.received[0]?.body).toBe(
      'grant_type=client_credentials&client_id=c1&client_secret=s3cret&scope=api_v3',
    );
  });

  it('keeps the tokens of two connections apart', async () => {
    server.play(grant('t1'), answerJson(list), grant('t2'), answerJson(list));

    await fetchPage(client, 'one');
    await fetchPage(client, 'two');

    expect(signIns().at(-1)).toBe('/api/v3/users Bearer t2');
  });

  it('fetches the token elsewhere where the operator says so', async () => {
    server.play(grant('t1'), answerJson(list));

    await fetchPage({ ...client, tokenUrl: `${server.baseUrl}/login/token` });

    expect(signIns()[0]).toBe('/login/token unsigned');
  });

  it('fetches a new token once after a 401', async () => {
    server.play(grant('t1'), answerJson({}, { status: 401 }), grant('t2'), answerJson({}, { status: 401 }));

    expect((await failureOf(fetchPage(client))).code).toBe('vendor.unauthorized');
    expect(signIns()).toStrictEqual([
      '/oauth/token unsigned',
      '/api/v3/users Bearer t1',
      '/oauth/token unsigned',
      '/api/v3/users Bearer t2',
    ]);
  });

  it.each([
    [{}, 'credentials.apiKey'],
    [{ token: '' }, 'credentials.token'],
    [{ clientId: 'c1' }, 'credentials.clientSecret'],
    [{ ...client, tokenUrl: 'somewhere' }, 'credentials.tokenUrl'],
  ])('does not ask with the credentials %j', async (credentials: Credentials, path) => {
    const error = await failureOf(fetchPage(credentials));

    expect(error.code).toBe('config.invalid');
    expect(error.context).toMatchObject({ faults: [{ path }] });
    expect(error.message).not.toContain('somewhere');
  });

  it('sends no client secret in the clear to another machine', async () => {
    const error = await failureOf(fetchPage({ ...client, tokenUrl: 'http://login.example.com/token' }));

    expect(error.message).toMatch(/POST http:\/\/login\.example\.com\/token was not sent: plain http/);
  });
});
