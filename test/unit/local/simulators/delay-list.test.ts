import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, askJson, type Body, fixedNowMs, idsOf, type Row, startForTest } from './simulator-under-test.ts';

const list = async (simulator: Simulator, parameters: Record<string, string> = {}) =>
  (await askJson(simulator, `/users?${new URLSearchParams(parameters)}`)) as unknown as Row[];
const idsIn = async (simulator: Simulator, parameters: Record<string, string>) =>
  (await list(simulator, parameters)).map(({ id }) => id);

describe('simulated Delay', () => {
  it('wants the token and its version, or none', async () => {
    const simulator = await startForTest('delay');
    const right = { Authorization: `Bearer ${simulator.credentials.token}` };
    const tries = [
      right,
      { ...right, 'X-API-Version': 'v1' },
      { ...right, 'X-API-Version': 'v2' },
      { Authorization: 'Bearer x' },
      { Authorization: right.Authorization.slice('Bearer '.length) },
      {},
    ];

    const answers = await Promise.all(tries.map((headers) => fetch(`${simulator.baseUrl}/users`, { headers })));

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 400, 401, 401, 401]);
    expect(simulator.baseUrl).toBe(`${simulator.url}/admin/v1`);
  });

  it('writes the row of the document, in a bare array', async () => {
    const simulator = await startForTest('delay', { size: 30 });

    const rows = await list(simulator, { page_size: '100' });

    for (const row of rows)
      expect(Object.keys(row).join(' ')).toBe(
        'id identifier name email user_type status created_at updated_at created_by updated_by',
      );
    expect(rows.map(({ id }) => id)).toStrictEqual(idsOf(simulator));
    expect(new Set(rows.map((row) => row.user_type))).toStrictEqual(
      new Set(['saas_admin', 'saas_user', 'saas_user_client']),
    );
    expect(new Set(rows.map(({ status }) => status)).size).toBeGreaterThan(3);
  });

  it('links to the pages around, and not at all where there is one page', async () => {
    const simulator = await startForTest('delay', { size: 5 });
    const linkOf = async (query: string) => (await ask(simulator, `/users?${query}`)).headers.get('link');
    const link = (page: number, relation: string) =>
      `<${simulator.baseUrl}/users?page=${page}&page_size=2>; rel="${relation}"`;

    expect(await linkOf('page=1&page_size=2')).toBe([link(2, 'next'), link(3, 'last')].join(', '));
    expect(await linkOf('page=2&page_size=2')).toBe(
      [link(3, 'next'), link(3, 'last'), link(1, 'prev'), link(1, 'first')].join(', '),
    );
    expect(await linkOf('page=3&page_size=2')).toBe([link(2, 'prev'), link(1, 'first')].join(', '));
    expect(await linkOf('page=1&page_size=5')).toBeNull();
  });

  it('takes both names of the page size', async () => {
    const simulator = await startForTest('delay', { size: 40 });

    expect((await list(simulator)).length).toBe(30);
    expect((await list(simulator, { page_size: '7' })).length).toBe(7);
    expect((await list(simulator, { per_page: '8', page: '2' })).length).toBe(8);
  });

  it('narrows the list by every parameter of the document', async () => {
    const simulator = await startForTest('delay', { size: 12 });
    const { directory } = simulator;
    const [first] = directory.people();
    const all = await list(simulator, { page_size: '100' });
    const where = (key: string, value: unknown) => all.filter((row) => row[key] === value).map(({ id }) => id);
    const name = String(all[4]?.name).split(' ').at(-1) ?? '';

    expect(await idsIn(simulator, { id: first?.id ?? '' })).toStrictEqual([first?.id]);
    for (const key of ['created_by', 'updated_by', 'user_type', 'status']) {
      const found = await idsIn(simulator, { [key]: String(all[3]?.[key]) });
      expect(found).toStrictEqual(where(key, all[3]?.[key]));
      expect(found.length).toBeLessThan(12);
    }
    expect(await idsIn(simulator, { search: name.toUpperCase() })).toContain(all[4]?.id);
    for (const key of ['created_at', 'updated_at']) {
      const time = String(all[5]?.[key]);
      const [from, to] = [
        await idsIn(simulator, { [`${key}_from`]: time }),
        await idsIn(simulator, { [`${key}_to`]: time }),
      ];
      expect([...from, ...to].toSorted()).toStrictEqual(idsOf(simulator).toSorted());
      expect(from).toContain(all[5]?.id);
    }
  });

  it('sorts by what it knows, either way', async () => {
    const simulator = await startForTest('delay', { size: 9 });

    const up = (await list(simulator, { sort_by: 'created_at' })).map((row) => String(row.created_at));
    const down = (await list(simulator, { sort_by: 'name', sort_order: 'desc' })).map(({ name }) => String(name));

    expect(up).toStrictEqual(up.toSorted());
    expect(down).toStrictEqual(down.toSorted((a, b) => (a < b ? 1 : -1)));
  });

  it.each([
    'page=0',
    'page_size=101',
    'per_page=101',
    'page_size=all',
    'sort_by=shoe',
    'sort_order=up',
    'created_at_from=now',
  ])('refuses %s with 400', async (query) => {
    const simulator = await startForTest('delay');

    const answer = await ask(simulator, `/users?${query}`);

    expect([answer.status, await answer.json()]).toStrictEqual([
      400,
      { message: `${query.split('=')[0]} is not valid` },
    ]);
  });

  it('shows a user by id and by identifier', async () => {
    const simulator = await startForTest('delay');
    const [person] = simulator.directory.people();
    const [row] = await list(simulator);

    expect(await askJson(simulator, `/users/${person?.id}`)).toStrictEqual(row);
    expect(await askJson(simulator, `/users/${person?.userName}`)).toStrictEqual(row);
    expect((await ask(simulator, '/users/nobody')).status).toBe(404);
  });

  it('issues tokens for name and password, which say themselves when they end', async () => {
    let nowMs = fixedNowMs;
    const simulator = await startForTest('delay', { nowMs: () => nowMs });
    const { clientId, clientSecret, username, password } = simulator.credentials;
    const grant = {
      grant_type: 'password',
      client_id: clientId,
      client_secret: clientSecret,
      audience: 'https://hive.dev.delay.dev/admin/v1',
      username,
      password,
    };
    const askToken = (body: object, type = 'application/json') =>
      fetch(`${simulator.url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      });
    const refusals = [
      await askToken(grant, 'text/plain'),
      await askToken({ ...grant, audience: undefined }),
      await askToken({ ...grant, grant_type: 'client_credentials' }),
      await askToken({ ...grant, audience: 'https://elsewhere.example' }),
      await askToken({ ...grant, client_secret: 'x' }),
      await askToken({ ...grant, password: 'x' }),
    ];

    const token = (await (await askToken(grant)).json()) as Body;
    const headers = { Authorization: `Bearer ${String(token.access_token)}` };
    const early = await ask(simulator, '/users', { headers });
    nowMs += 3_600_000;
    const late = await ask(simulator, '/users', { headers });

    expect(refusals.map(({ status }) => status)).toStrictEqual([400, 400, 400, 401, 401, 403]);
    expect(Object.keys(token)).toStrictEqual(['access_token', 'token_type']);
    const claims = JSON.parse(Buffer.from(String(token.access_token).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ exp: fixedNowMs / 1000 + 3600, permissions: ['read:users'] });
    expect([early.status, late.status]).toStrictEqual([200, 401]);
  });

  it('lets the removed disappear', async () => {
    const simulator = await startForTest('delay');
    const [first = ''] = idsOf(simulator);
    simulator.directory.remove(first);

    expect(await idsIn(simulator, {})).not.toContain(first);
    expect((await ask(simulator, `/users/${first}`)).status).toBe(404);
  });
});
