import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../../../src/vendors/vendor.ts';
import { yuuvis as vendor } from '../../../../src/vendors/yuuvis/vendor.ts';
import list from '../../../fixtures/vendors/yuuvis/users.json' with { type: 'json' };
import { answerJson } from '../../../support/vendor-server.ts';
import { failureOf } from '../vendor-io.ts';
import { openYuuvis, type YuuvisUnderTest } from './yuuvis-under-test.ts';

const yuuvis = openYuuvis();
const grant = (value: string) =>
  answerJson({ access_token: value, token_type: 'Bearer', expires_in: 300, scope: 'openid' });
const refuse = answerJson({}, { status: 401 });
const opening = (session: string) =>
  answerJson(list, { headers: { 'set-cookie': `GWSESSIONID=${session}; Path=/; HttpOnly` } });
const signIns = ({ server }: YuuvisUnderTest) =>
  server.received.map(({ path, headers }) => `${path.split('/').at(-1)} ${headers.authorization ?? 'unsigned'}`);
const cookies = ({ server }: YuuvisUnderTest) => server.received.map(({ headers }) => headers.cookie);
const client = (tested: YuuvisUnderTest) => ({
  clientId: 'c1',
  clientSecret: 's3cret',
  tokenUrl: `${tested.server.baseUrl}/auth/realms/acme/protocol/openid-connect/token`,
});
const person = { username: 'reader', password: 'pa ss' };

describe('yuuvis.fetchPage', () => {
  it('signs in with user name and password', async () => {
    const tested = yuuvis();
    tested.server.play(answerJson(list));

    await tested.fetchPage({ credentials: { username: 'reader', password: 'p:1' } });

    expect(signIns(tested)).toStrictEqual([`users Basic ${Buffer.from('reader:p:1').toString('base64')}`]);
  });

  it('signs in with a token', async () => {
    const tested = yuuvis();
    tested.server.play(answerJson(list));

    await tested.fetchPage({ credentials: { token: 't0' } });

    expect(signIns(tested)).toStrictEqual(['users Bearer t0']);
  });

  it('signs in as a client, with one token for many pages and the scope openid', async () => {
    const tested = yuuvis();
    tested.server.play(grant('t1'), answerJson(list), answerJson(list));

    await tested.fetchPage({ credentials: client(tested) });
    await tested.fetchPage({ credentials: client(tested) });

    expect(signIns(tested)).toStrictEqual(['token unsigned', 'users Bearer t1', 'users Bearer t1']);
    expect(tested.server.received[0]).toMatchObject({
      method: 'POST',
      path: '/auth/realms/acme/protocol/openid-connect/token',
      body: 'grant_type=client_credentials&client_id=c1&client_secret=s3cret&scope=openid',
    });
  });

  it.each([
    ['with its secret', { clientSecret: 's3cret' }, '&client_secret=s3cret'],
    ['without one', {}, ''],
  ])('signs a person in through a client %s', async (_what, secret: Credentials, sent) => {
    const tested = yuuvis();
    tested.server.play(grant('t1'), answerJson(list));
    const { clientId, tokenUrl } = client(tested);

    await tested.fetchPage({ credentials: { clientId, tokenUrl, ...person, ...secret } });

    expect(tested.server.received[0]?.body).toBe(
      `grant_type=password&client_id=c1${sent}&username=reader&password=pa+ss&scope=openid`,
    );
    expect(signIns(tested)[1]).toBe('users Bearer t1');
  });

  it('keeps the tokens of two connections, and of two persons, apart', async () => {
    const tested = yuuvis();
    tested.server.play(...['t1', 't2', 't3'].flatMap((token) => [grant(token), answerJson(list)]));

    await tested.fetchPage({ credentials: client(tested), connection: 'one' });
    await tested.fetchPage({ credentials: client(tested), connection: 'two' });
    await tested.fetchPage({ credentials: { ...client(tested), ...person }, connection: 'two' });

    expect(signIns(tested).filter((line) => line.startsWith('users'))).toStrictEqual([
      'users Bearer t1',
      'users Bearer t2',
      'users Bearer t3',
    ]);
  });

  it('fetches a new token once after a 401', async () => {
    const tested = yuuvis();
    tested.server.play(grant('t1'), refuse, grant('t2'), refuse);

    expect((await failureOf(tested.fetchPage({ credentials: client(tested) }))).code).toBe('vendor.unauthorized');
    expect(signIns(tested)).toStrictEqual(['token unsigned', 'users Bearer t1', 'token unsigned', 'users Bearer t2']);
  });

  it('names what Keycloak says, and no secret', async () => {
    const tested = yuuvis();
    const body = { error: 'invalid_grant', error_description: 'Invalid user credentials pa ss for s3cret' };
    tested.server.play(answerJson(body, { status: 401 }));

    const error = await failureOf(tested.fetchPage({ credentials: { ...client(tested), ...person } }));

    expect(error.message).toMatch(
      /invalid_grant; Invalid user credentials \[redacted\] for \[redacted\]; check username/,
    );
  });

  it('goes on in the session that the first answer opened', async () => {
    const tested = yuuvis();
    tested.server.play(opening('s1'), answerJson(list), answerJson(list.objects[0]));

    await tested.fetchPage();
    await tested.fetchPage();
    await tested.probe(list.objects[0]?.id ?? '');

    expect(cookies(tested)).toStrictEqual([undefined, 'GWSESSIONID=s1', 'GWSESSIONID=s1']);
  });

  it.each([
    ['another tenant', { options: { tenant: 'other' } }],
    ['another connection', { connection: 'other' }],
  ])('shares no session with %s', async (_what, settings) => {
    const tested = yuuvis();
    tested.server.play(opening('s1'), opening('s2'), answerJson(list));

    await tested.fetchPage();
    await tested.fetchPage(settings);
    await tested.fetchPage();

    expect(cookies(tested)).toStrictEqual([undefined, undefined, 'GWSESSIONID=s1']);
  });

  it('opens a new session when the old one is refused, with the same token', async () => {
    const tested = yuuvis();
    const credentials = client(tested);
    tested.server.play(grant('t1'), opening('s1'), refuse, opening('s2'), answerJson(list));

    for (let page = 0; page < 3; page += 1) await tested.fetchPage({ credentials });

    expect(cookies(tested).slice(1)).toStrictEqual([undefined, 'GWSESSIONID=s1', undefined, 'GWSESSIONID=s2']);
    expect(new Set(signIns(tested).slice(1))).toStrictEqual(new Set(['users Bearer t1']));
  });

  it.each([
    [{}, 'credentials.username'],
    [{ username: 'reader' }, 'credentials.password'],
    [{ username: 'reader', password: '' }, 'credentials.password'],
    [{ token: '' }, 'credentials.token'],
    [{ tokenUrl: 'https://keycloak.example/token', clientId: 'c1' }, 'credentials.clientSecret'],
    [{ tokenUrl: 'https://keycloak.example/token', clientId: 'c1', username: 'reader' }, 'credentials.password'],
    [{ tokenUrl: 'https://keycloak.example/token', ...person }, 'credentials.clientId'],
    [{ clientId: 'c1', clientSecret: 's3cret', tokenUrl: 'somewhere' }, 'credentials.tokenUrl'],
  ])('does not ask with the credentials %j', async (credentials: Credentials, path) => {
    const error = await failureOf(yuuvis().fetchPage({ credentials }));

    expect(error.code).toBe('config.invalid');
    expect(error.context).toMatchObject({ faults: [{ path }] });
    expect(error.message).not.toContain('somewhere');
  });
});

describe('yuuvis.credentialSets', () => {
  it('begins with the usual set', () => {
    expect(vendor.credentialSets.map((names) => names.join(' '))).toStrictEqual([
      'username password',
      'token',
      'clientId clientSecret tokenUrl',
      'clientId username password tokenUrl',
      'clientId clientSecret username password tokenUrl',
    ]);
  });
});
