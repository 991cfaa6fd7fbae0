import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, askJson, type Body, basic, fixedNowMs, type Row, startForTest } from './simulator-under-test.ts';

const errorPrefix = 'urn:openproject-org:api:v3:errors:';

function list(simulator: Simulator, parameters: Record<string, string>): Promise<Body> {
  return askJson(simulator, `/api/v3/users?${new URLSearchParams(parameters)}`);
}

function rowsOf(body: Body): Row[] {
  return (body._embedded as { elements: Row[] }).elements;
}

async function askToken(simulator: Simulator, form: Record<string, string>): Promise<Response> {
  return fetch(`${simulator.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
}

describe('simulated OpenProject', () => {
  it('lets an API key in as Basic and as Bearer, and nobody else', async () => {
    const simulator = await startForTest('openproject');
    const { apiKey = '' } = simulator.credentials;
    const tries = [
      basic('apikey', apiKey),
      `Bearer ${apiKey}`,
      basic('apikey', 'x'),
      basic('admin', apiKey),
      'Bearer x',
    ];

    const answers = await Promise.all(
      tries.map((authorization) => ask(simulator, '/api/v3/users', { headers: { Authorization: authorization } })),
    );

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 401, 401, 401]);
    expect(await answers[2]?.json()).toStrictEqual({
      _type: 'Error',
      errorIdentifier: `${errorPrefix}Unauthenticated`,
      message: 'You did not provide the correct credentials.',
    });
    expect(answers[2]?.headers.get('www-authenticate')).toBe('Basic realm="OpenProject API"');
    expect(answers[2]?.headers.get('content-type')).toBe('application/hal+json; charset=utf-8');
    expect(answers[4]?.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('tells no credentials from wrong ones', async () => {
    const simulator = await startForTest('openproject');

    const answer = await fetch(`${simulator.url}/api/v3/users`);

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      message: 'You need to be authenticated to access this resource.',
    });
  });

  it('issues tokens for client credentials, which let in until they expire', async () => {
    let nowMs = fixedNowMs;
    const simulator = await startForTest('openproject', { nowMs: () => nowMs });
    const { clientId = '', clientSecret = '' } = simulator.credentials;
    const form = {
      grant_type: 'client_credentials',
      scope: 'api_v3',
      client_id: clientId,
      client_secret: clientSecret,
    };

    const token = (await (await askToken(simulator, form)).json()) as { access_token: string; expires_in: number };
    const headers = { Authorization: `Bearer ${token.access_token}` };
    const early = await ask(simulator, '/api/v3/users', { headers });
    nowMs += token.expires_in * 1000;
    const late = await ask(simulator, '/api/v3/users', { headers });

    expect(token).toMatchObject({ token_type: 'Bearer', scope: 'api_v3', expires_in: 7200 });
    expect([early.status, late.status]).toStrictEqual([200, 401]);
  });

  it('refuses token requests in OAuth’s own words', async () => {
    const simulator = await startForTest('openproject');
    const { clientId = '', clientSecret = '' } = simulator.credentials;
    const form = {
      grant_type: 'client_credentials',
      scope: 'api_v3',
      client_id: clientId,
      client_secret: clientSecret,
    };

    const answers = await Promise.all([
      askToken(simulator, { ...form, client_secret: 'x' }),
      askToken(simulator, { ...form, scope: 'everything' }),
      askToken(simulator, { ...form, grant_type: 'password' }),
    ]);

    expect(answers.map(({ status }) => status)).toStrictEqual([401, 400, 400]);
    const errors = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Body).error));
    expect(errors).toStrictEqual(['invalid_client', 'invalid_scope', 'unsupported_grant_type']);
  });

  it('writes a user as an administrator sees him', async () => {
    const simulator = await startForTest('openproject', { size: 1 });
    const [person] = simulator.directory.people();
    if (!person) throw new Error('nobody');
    simulator.directory.setStatus(person.id, 'active');

    const element = await askJson(simulator, `/api/v3/users/${person.id}`);

    expect(Object.keys(element)).toStrictEqual(
      '_type id name createdAt updatedAt login admin firstName lastName email avatar status identityUrl language customField1 _links'.split(
        ' ',
      ),
    );
    expect(element).toMatchObject({ _type: 'User', id: 4, login: person.userName, status: 'active' });
    expect(Object.keys(element._links as Row).toSorted()).toStrictEqual(
      ['delete', 'lock', 'memberships', 'self', 'showUser', 'updateImmediately'].toSorted(),
    );
  });

  it('shows no page of a locked user, and how to unlock him', async () => {
    const simulator = await startForTest('openproject', { size: 1 });
    simulator.directory.setStatus('4', 'locked');

    const { _links } = await askJson(simulator, '/api/v3/users/4');

    expect(Object.keys(_links as Row).toSorted()).toStrictEqual(
      ['delete', 'memberships', 'self', 'unlock', 'updateImmediately'].toSorted(),
    );
  });

  it('names the pages around a page, server-relative', async () => {
    const simulator = await startForTest('openproject', { size: 8 });

    const body = await list(simulator, { offset: '2', pageSize: '3' });

    expect(body).toMatchObject({ _type: 'Collection', total: 8, count: 3, pageSize: 3, offset: 2 });
    expect(body._links).toStrictEqual({
      self: { href: '/api/v3/users?offset=2&pageSize=3' },
      jumpTo: { href: '/api/v3/users?offset=%7Boffset%7D&pageSize=3', templated: true },
      changeSize: { href: '/api/v3/users?offset=2&pageSize=%7Bsize%7D', templated: true },
      previousByOffset: { href: '/api/v3/users?offset=1&pageSize=3' },
      nextByOffset: { href: '/api/v3/users?offset=3&pageSize=3' },
    });
  });

  it('names no page before the first and none after the last', async () => {
    const simulator = await startForTest('openproject', { size: 6 });
    const around = ({ _links }: Body) => Object.keys(_links as Row).filter((name) => name.endsWith('ByOffset'));

    const pages = await Promise.all(['1', '2'].map((offset) => list(simulator, { offset, pageSize: '3' })));

    expect(pages.map(around)).toStrictEqual([['nextByOffset'], ['previousByOffset']]);
  });

  it('keeps ties in descending order of id', async () => {
    const simulator = await startForTest('openproject', { size: 3 });
    for (const id of ['4', '5', '6']) simulator.directory.change(id, { familyName: 'Same' });

    const body = await list(simulator, { sortBy: '[["lastname","asc"]]' });

    expect(rowsOf(body).map(({ id }) => id)).toStrictEqual([6, 5, 4]);
  });

  it('lists the newest first unless told otherwise', async () => {
    const simulator = await startForTest('openproject', { size: 5 });

    expect(rowsOf(await list(simulator, {})).map(({ id }) => id)).toStrictEqual([8, 7, 6, 5, 4]);
  });

  it.each([
    ['0', 1],
    ['-3', 1],
    ['abc', 1],
    ['2', 2],
    ['2nd', 2],
  ])('takes offset=%s for page %i without a word', async (offset, page) => {
    const simulator = await startForTest('openproject', { size: 5 });

    const body = await list(simulator, { offset, pageSize: '2' });

    expect(body.offset).toBe(page);
    expect(rowsOf(body)[0]?.id).toBe(page === 1 ? 8 : 6);
  });

  it.each([
    ['5000', 1000, 3],
    ['-1', 1000, 3],
    ['0', 0, 0],
    ['2', 2, 2],
  ])('takes pageSize=%s for %i', async (pageSize, effective, count) => {
    const simulator = await startForTest('openproject', { size: 3 });

    const body = await list(simulator, { pageSize });

    expect(body).toMatchObject({ total: 3, pageSize: effective, count });
    expect(rowsOf(body)).toHaveLength(count);
  });

  it('counts the total anew for every request', async () => {
    const simulator = await startForTest('openproject', { size: 3 });
    const before = await list(simulator, {});
    simulator.directory.add();

    expect([before.total, (await list(simulator, {})).total]).toStrictEqual([3, 4]);
  });

  it.each(['id', 'lastname', 'firstname', 'mail', 'login', 'name'])('sorts by %s', async (key) => {
    const simulator = await startForTest('openproject', { size: 20 });
    const fields: Record<string, string> = { lastname: 'lastName', firstname: 'firstName', mail: 'email' };
    const read = (body: Body) => rowsOf(body).map((row) => row[fields[key] ?? key] as string);

    const [up, down] = await Promise.all(
      ['asc', 'desc'].map(async (way) => read(await list(simulator, { sortBy: JSON.stringify([[key, way]]) }))),
    );

    expect(up).toHaveLength(20);
    expect(up).toStrictEqual(up?.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(down).toStrictEqual(up?.toReversed());
  });

  it.each([
    ['sortBy', '[["status","asc"]]'],
    ['sortBy', '[["id","up"]]'],
    ['sortBy', 'id'],
    ['filters', '[{"updatedAt":{"operator":"=","values":["x"]}}]'],
    ['filters', '[{"status":{"operator":"=","values":["asleep"]}}]'],
    ['filters', '[{"status":{"operator":"~","values":["active"]}}]'],
    ['filters', 'status=active'],
  ])('refuses %s=%s as InvalidQuery', async (name, value) => {
    const simulator = await startForTest('openproject');

    const answer = await ask(simulator, `/api/v3/users?${new URLSearchParams({ [name]: value })}`);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ _type: 'Error', errorIdentifier: `${errorPrefix}InvalidQuery` });
  });

  it('filters by status, name, login and group, all of which must be true', async () => {
    const simulator = await startForTest('openproject', { size: 4 });
    const { directory } = simulator;
    for (const id of ['4', '5', '6', '7']) {
      directory.setStatus(id, id === '4' ? 'locked' : 'active');
      directory.change(id, { familyName: `Name${id}`, userName: `login${id}`, groups: id === '7' ? [0, 2] : [] });
    }
    const find = async (...filters: [name: string, operator: string, ...values: string[]][]) => {
      const json = filters.map(([name, operator, ...values]) => ({ [name]: { operator, values } }));
      return rowsOf(await list(simulator, { filters: JSON.stringify(json) })).map(({ id }) => id);
    };

    expect(await find(['status', '=', 'locked'])).toStrictEqual([4]);
    expect(await find(['status', '!', 'locked'])).toStrictEqual([7, 6, 5]);
    expect(await find(['name', '~', 'NAME5'])).toStrictEqual([5]);
    expect(await find(['login', '=', 'login4', 'login6'])).toStrictEqual([6, 4]);
    expect(await find(['login', '!~', 'login4'])).toStrictEqual([7, 6, 5]);
    expect(await find(['group', '=', '3'])).toStrictEqual([7]);
    expect(await find(['status', '=', 'active'], ['name', '~', 'name4'])).toStrictEqual([]);
  });

  it('answers 404 in its own shape for a user who is gone', async () => {
    const simulator = await startForTest('openproject');
    simulator.directory.remove('4');

    const answer = await ask(simulator, '/api/v3/users/4');

    expect(answer.status).toBe(404);
    expect(await answer.json()).toStrictEqual({
      _type: 'Error',
      errorIdentifier: `${errorPrefix}NotFound`,
      message: 'The requested resource could not be found.',
    });
  });
});
