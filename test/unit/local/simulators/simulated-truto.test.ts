import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { trutoAccountToken } from '../../../../local/simulators/truto/truto-gate.ts';
import { ask, askJson, type Body, clients, fixedNowMs, idsOf, type Row, startForTest } from './simulator-under-test.ts';

function list(simulator: Simulator, parameters: Record<string, string> = {}): Promise<Body> {
  return askJson(simulator, pathOf(simulator, parameters));
}

function pathOf({ credentials }: Simulator, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({ integrated_account_id: credentials.integratedAccountId ?? '', ...parameters });
  return `/unified/user-directory/users?${query}`;
}

const rowsOf = (body: Body) => body.result as Row[];

async function idsIn(simulator: Simulator, parameters: Record<string, string>): Promise<unknown[]> {
  return rowsOf(await list(simulator, parameters)).map(({ id }) => id);
}

describe('simulated Truto', () => {
  it('wants the right token and the right account, unless the token implies it', async () => {
    const simulator = await startForTest('truto');
    const path = '/unified/user-directory/users';
    const bearer = (token: string | undefined) => ({ headers: { Authorization: `Bearer ${token}` } });
    const { token } = simulator.credentials;
    const tries: readonly (readonly [string, RequestInit])[] = [
      [pathOf(simulator), bearer(token)],
      [path, bearer(trutoAccountToken)],
      [path, {}],
      [pathOf(simulator), bearer('x')],
      [path, bearer(token)],
      [`${path}?integrated_account_id=x`, bearer(token)],
    ];

    const answers = await Promise.all(tries.map(([rest, init]) => fetch(simulator.baseUrl + rest, init)));

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 401, 401, 400, 404]);
    expect(await answers[3]?.json()).toStrictEqual({
      statusCode: 401,
      error: 'Unauthorized',
      message: 'Invalid API token',
    });
  });

  it('answers the envelope of the document, 50 a page unless told otherwise', async () => {
    const simulator = await startForTest('truto', { size: 51 });

    const first = await list(simulator);
    const last = await list(simulator, { next_cursor: String(first.next_cursor) });

    expect(Object.keys(first)).toStrictEqual([
      'result',
      'next_cursor',
      'prev_cursor',
      'result_count',
      'is_partial_response',
    ]);
    expect([first.result_count, first.prev_cursor, first.is_partial_response]).toStrictEqual([50, null, false]);
    expect([last.result_count, last.next_cursor]).toStrictEqual([1, null]);
    expect(await list(simulator, { next_cursor: '' })).toStrictEqual(first);
    expect(rowsOf(await list(simulator, { limit: '3', truto_ignore_limit: 'true' }))).toHaveLength(50);
  });

  it('has a cursor that is a place in whatever list the next request asks for', async () => {
    const simulator = await startForTest('truto', { size: 6 });
    const [first = '', second = ''] = idsOf(simulator);
    for (const id of idsOf(simulator)) simulator.directory.setStatus(id, id === first ? 'active' : 'inactive');
    const { next_cursor } = await list(simulator, { limit: '1', status: 'inactive' });
    const rest = { limit: '1', next_cursor: String(next_cursor) };

    expect(await idsIn(simulator, { ...rest, status: 'inactive' })).toStrictEqual([idsOf(simulator)[2]]);
    expect(await idsIn(simulator, rest)).toStrictEqual([second]);
  });

  it('filters by what its back end supports and ignores the rest without a word', async () => {
    const simulator = await startForTest('truto', { size: 6 });
    const { directory } = simulator;
    const [first = '', second = '', third = ''] = idsOf(simulator);
    for (const id of idsOf(simulator)) directory.setStatus(id, 'active');
    directory.setStatus(second, 'invited');
    const user = directory.change(first, { groups: [4], userName: 'only.me', email: 'only@example.com' });
    for (const id of idsOf(simulator).slice(1)) directory.change(id, { groups: [] });
    const { updatedAt } = directory.touch(third);

    expect(await idsIn(simulator, { status: 'invited' })).toStrictEqual([second]);
    expect(await idsIn(simulator, { 'status[in]': 'invited,deleted' })).toStrictEqual([second]);
    expect(await idsIn(simulator, { username: 'only.me' })).toStrictEqual([first]);
    expect(await idsIn(simulator, { email: 'only@example.com' })).toStrictEqual([first]);
    expect(await idsIn(simulator, { 'emails[0][email]': 'only@example.com' })).toStrictEqual([first]);
    expect(await idsIn(simulator, { group_id: 'g-4' })).toStrictEqual([first]);
    expect(await idsIn(simulator, { name: `${user.givenName} ${user.familyName}`, status: 'active' })).toContain(first);
    expect(await idsIn(simulator, { 'updated_at[gt]': updatedAt })).toStrictEqual([]);
    expect(await idsIn(simulator, { 'updated_at[gte]': updatedAt })).toStrictEqual([third]);
    for (const ignored of ['title', 'first_name', 'created_at[gt]', 'sort_by', 'product', 'remote_query[x]'])
      expect(await idsIn(simulator, { [ignored]: 'x' })).toStrictEqual(idsOf(simulator));
  });

  it('tells by its meta route what the back end supports', async () => {
    const simulator = await startForTest('truto');
    const path = pathOf(simulator).replace('users?', 'users/meta/list?');

    const meta = await askJson(simulator, path);

    const { properties } = meta.query_schema as { properties: object };
    expect(Object.keys(properties)).toStrictEqual([
      'status',
      'name',
      'username',
      'email',
      'emails',
      'group_id',
      'updated_at',
      'limit',
    ]);
  });

  it('shapes rows as asked', async () => {
    const simulator = await startForTest('truto', { size: 2 });
    const [first = ''] = idsOf(simulator);

    const [plain, lean] = [
      rowsOf(await list(simulator))[0],
      rowsOf(await list(simulator, { truto_ignore_remote_data: 'true', truto_exclude_fields: 'avatar,bio' }))[0],
    ];
    const keyed = await list(simulator, { truto_key_by: 'id' });

    expect(Object.keys(plain ?? {}).filter((key) => !(key in (lean ?? {})))).toStrictEqual([
      'avatar',
      'bio',
      'remote_data',
    ]);
    expect(Object.keys(keyed.result as object)).toStrictEqual(idsOf(simulator));
    expect((keyed.result as Record<string, Row>)[first]).toStrictEqual(plain);
  });

  it('signs the avatar anew as time goes by, and moves the last login with every touch', async () => {
    let now = fixedNowMs;
    const simulator = await startForTest('truto', { size: 1, nowMs: () => now });
    const [before] = rowsOf(await list(simulator));
    now += 60_000;
    const { updatedAt } = simulator.directory.touch(String(before?.id));

    const [after] = rowsOf(await list(simulator));

    expect(after?.avatar).not.toBe(before?.avatar);
    expect([after?.last_login_at, after?.updated_at]).toStrictEqual([updatedAt, updatedAt]);
  });

  it.each([
    ['limit', '0'],
    ['limit', 'ten'],
    ['next_cursor', 'nonsense'],
    ['truto_response_format', 'raw'],
  ])('refuses %s=%s in its own shape', async (name, value) => {
    const simulator = await startForTest('truto');

    const answer = await ask(simulator, pathOf(simulator, { [name]: value }));

    expect(answer.status).toBe(400);
    expect(await answer.json()).toStrictEqual({ statusCode: 400, error: 'Bad Request', message: expect.any(String) });
  });

  it('answers an account 50 times in ten seconds, and then asks to wait', async () => {
    let now = fixedNowMs;
    const simulator = await startForTest('truto', { size: 1, nowMs: () => now });
    const statusOf = async () => (await ask(simulator, clients.truto.listPath(1))).status;
    const statuses: number[] = [];
    for (let count = 0; count < 50; count += 1) statuses.push(await statusOf());

    const refused = await ask(simulator, clients.truto.listPath(1));
    now += 10_000;

    expect(new Set(statuses)).toStrictEqual(new Set([200]));
    expect([refused.status, refused.headers.get('retry-after')]).toStrictEqual([429, '10']);
    expect(await refused.json()).not.toHaveProperty('truto_is_remote_error');
    expect(await statusOf()).toBe(200);
  });

  it('says of a user who is not there that the back end said so', async () => {
    const simulator = await startForTest('truto');

    const answer = await ask(simulator, clients.truto.userPath('nobody'));

    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ statusCode: 404, truto_is_remote_error: true });
  });
});
