import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, askJson, type Body, basic, fixedNowMs, idsOf, type Row, startForTest } from './simulator-under-test.ts';

const users = '/tenant-management/api/idm/users';

function list(simulator: Simulator, parameters: Record<string, string> = {}): Promise<Body> {
  const query = new URLSearchParams({ briefRepresentation: 'false', ...parameters });
  return askJson(simulator, `${users}?${query}`);
}

function rowsOf(body: Body): Row[] {
  return body.objects as Row[];
}

function askToken(simulator: Simulator, form: Record<string, string>, realm = 'simulated'): Promise<Response> {
  const url = `${simulator.url}/auth/realms/${realm}/protocol/openid-connect/token`;
  return fetch(url, { method: 'POST', body: new URLSearchParams(form) });
}

function sessionOf(answer: Response): string | undefined {
  return answer.headers.get('set-cookie')?.split(';')[0];
}

describe('simulated yuuvis', () => {
  it('lets a user of the tenant in as Basic and as Bearer, and nobody else', async () => {
    const simulator = await startForTest('yuuvis');
    const { username = '', password = '', token = '' } = simulator.credentials;
    const right = basic(username, password);
    const tries: Record<string, string>[] = [
      { Authorization: right },
      { Authorization: `Bearer ${token}` },
      { Authorization: basic(username, 'x') },
      { Authorization: 'Bearer x' },
      { Authorization: '' },
      { Authorization: right, 'X-ID-TENANT-NAME': 'other' },
      { Authorization: right, 'X-ID-TENANT-NAME': '' },
    ];

    const answers = await Promise.all(tries.map((headers) => ask(simulator, users, { headers })));

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 401, 401, 401, 401, 401]);
    expect(await answers[2]?.json()).toStrictEqual({
      timestamp: new Date(fixedNowMs).toISOString(),
      status: 401,
      error: 'Unauthorized',
    });
  });

  it.each([
    ['client_credentials', ['clientId', 'clientSecret']],
    ['password', ['clientId', 'username', 'password']],
    ['password', ['clientId', 'clientSecret', 'username', 'password']],
  ])('issues tokens for %s with %j, which let in until they expire', async (grant_type, names) => {
    let nowMs = fixedNowMs;
    const simulator = await startForTest('yuuvis', { nowMs: () => nowMs });
    const spelled: Record<string, string> = { clientId: 'client_id', clientSecret: 'client_secret' };
    const form = Object.fromEntries(names.map((name) => [spelled[name] ?? name, simulator.credentials[name] ?? '']));

    const token = (await (await askToken(simulator, { grant_type, scope: 'openid', ...form })).json()) as Body;
    const headers = { Authorization: `Bearer ${String(token.access_token)}` };
    const early = await ask(simulator, users, { headers });
    nowMs += Number(token.expires_in) * 1000;
    const late = await ask(simulator, users, { headers });

    expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'openid profile email' });
    expect([early.status, late.status]).toStrictEqual([200, 401]);
  });

  it('issues tokens without the scope openid, but lets nobody in with them', async () => {
    const simulator = await startForTest('yuuvis');
    const { clientId = '', clientSecret = '' } = simulator.credentials;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };

    const token = (await (await askToken(simulator, form)).json()) as Body;
    const answer = await ask(simulator, users, { headers: { Authorization: `Bearer ${String(token.access_token)}` } });

    expect(answer.status).toBe(401);
  });

  it('refuses token requests in Keycloak’s words', async () => {
    const simulator = await startForTest('yuuvis');
    const { clientId = '', clientSecret = '', username = '', password = '' } = simulator.credentials;
    const client = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const person = { ...client, grant_type: 'password', username, password };

    const answers = await Promise.all([
      askToken(simulator, { ...client, client_secret: 'x' }),
      askToken(simulator, { grant_type: 'client_credentials', client_id: clientId }),
      askToken(simulator, { ...person, password: 'x' }),
      askToken(simulator, { ...person, client_secret: 'x' }),
      askToken(simulator, { ...client, grant_type: 'implicit' }),
    ]);

    expect(answers.map(({ status }) => status)).toStrictEqual([401, 401, 401, 401, 400]);
    const errors = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Body).error));
    expect(errors).toStrictEqual([
      'invalid_client',
      'invalid_client',
      'invalid_grant',
      'invalid_client',
      'unsupported_grant_type',
    ]);
  });

  it('opens a session for whoever comes without one, for half an hour', async () => {
    let nowMs = fixedNowMs;
    const simulator = await startForTest('yuuvis', { nowMs: () => nowMs });

    const first = await ask(simulator, users);
    const cookie = sessionOf(first) ?? '';
    nowMs += 29 * 60_000;
    const second = await ask(simulator, users, { headers: { cookie } });
    nowMs += 29 * 60_000;
    const third = await ask(simulator, users, { headers: { cookie: `other=1; ${cookie}` } });
    nowMs += 30 * 60_000;
    const late = await ask(simulator, users, { headers: { cookie } });

    expect([first, second, third, late].map(sessionOf)).toStrictEqual([
      'GWSESSIONID=simulated-yuuvis-session-1',
      undefined,
      undefined,
      'GWSESSIONID=simulated-yuuvis-session-2',
    ]);
  });

  it('writes the objects of the document, in the order of user names', async () => {
    const simulator = await startForTest('yuuvis', { size: 30 });
    const [someone = ''] = idsOf(simulator);
    simulator.directory.change(someone, { groups: [1, 4], admin: true, email: 'someone@example.org' });

    const body = await list(simulator);

    const objects = rowsOf(body);
    expect(Object.keys(body)).toStrictEqual(['objects', 'numItems', 'totalNumItems', 'hasMoreItems']);
    expect(objects.map(({ username }) => username)).toStrictEqual(
      objects.map(({ username }) => String(username)).toSorted(),
    );
    expect(objects.filter((row) => !('email' in row))).toHaveLength(4);
    expect(objects.some((row) => !('groups' in row))).toBe(true);
    expect(new Set(objects.map(({ enabled }) => enabled))).toStrictEqual(new Set([true, false]));
    const shown = objects.find(({ id }) => id === someone);
    expect(Object.keys(shown ?? {})).toStrictEqual(
      'id email firstName lastName roles groups username enabled createdTimestamp'.split(' '),
    );
    expect(shown).toMatchObject({ groups: ['Developers', 'Sales'], createdTimestamp: expect.any(Number) });
    expect(shown?.roles).toContain('YUUVIS_TENANT_ADMIN');
    expect(objects.flatMap(({ roles }) => roles as string[])).toContain('offline_access');
  });

  it('leaves roles and groups out of the brief form, which is the usual one', async () => {
    const simulator = await startForTest('yuuvis', { size: 1 });

    const [row] = rowsOf(await askJson(simulator, users));

    expect(row).not.toHaveProperty('roles');
    expect(row).not.toHaveProperty('groups');
    expect(row).toHaveProperty('enabled');
  });

  it('takes any offset, so that pages may overlap, and says where the list ends', async () => {
    const simulator = await startForTest('yuuvis', { size: 8 });
    const page = async (first: number, max: number) => {
      const body = await list(simulator, { first: String(first), max: String(max) });
      return [rowsOf(body).map(({ id }) => id), body.numItems, body.totalNumItems, body.hasMoreItems];
    };

    expect(await page(2, 4)).toStrictEqual([idsOf(simulator).slice(2, 6), 4, 8, true]);
    expect(await page(4, 4)).toStrictEqual([idsOf(simulator).slice(4), 4, 8, false]);
    expect(await page(9, 4)).toStrictEqual([[], 0, 8, false]);
    expect(await page(0, 0)).toStrictEqual([[], 0, 8, true]);
  });

  it('narrows the list to a part of a name or an address', async () => {
    const simulator = await startForTest('yuuvis', { size: 4 });
    const [first = ''] = idsOf(simulator);
    simulator.directory.change(first, { familyName: 'Rarename' });

    const body = await list(simulator, { search: 'RARE' });

    expect(rowsOf(body).map(({ id }) => id)).toStrictEqual([first]);
    expect(body.totalNumItems).toBe(1);
  });

  it.each(['first=-1', 'max=ten', 'briefRepresentation=perhaps'])('refuses %s with 400', async (query) => {
    const simulator = await startForTest('yuuvis');

    expect((await ask(simulator, `${users}?${query}`)).status).toBe(400);
  });
});
