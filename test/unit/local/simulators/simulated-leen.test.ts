import { describe, expect, it } from 'vitest';
import { leenProjectIds } from '../../../../local/simulators/leen/simulated-leen.ts';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, askJson, type Body, clients, idsOf, type Row, startForTest } from './simulator-under-test.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function list(simulator: Simulator, parameters: Record<string, string> = {}): Promise<Body> {
  return askJson(simulator, `/itsm/users?${new URLSearchParams(parameters)}`);
}

function rowsOf(body: Body): Row[] {
  return body.items as Row[];
}

async function idsIn(simulator: Simulator, parameters: Record<string, string>): Promise<unknown[]> {
  return rowsOf(await list(simulator, parameters)).map(({ id }) => id);
}

describe('simulated Leen', () => {
  it('wants both headers, and the right ones', async () => {
    const simulator = await startForTest('leen');
    const right = clients.leen.headers(simulator) as { 'X-API-KEY': string; 'X-CONNECTION-ID': string };
    const tries = [
      right,
      { 'X-API-KEY': right['X-API-KEY'] },
      { 'X-CONNECTION-ID': right['X-CONNECTION-ID'] },
      { ...right, 'X-API-KEY': 'x' },
      { ...right, 'X-CONNECTION-ID': 'x' },
    ];

    const answers = await Promise.all(
      tries.map((headers) => fetch(`${simulator.baseUrl}/itsm/users`, { headers: headers as Record<string, string> })),
    );

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 401, 401, 401, 403]);
    expect(Object.keys((await answers[1]?.json()) as Body)).toStrictEqual(['type', 'code', 'message', 'detail']);
  });

  it('gives a hundred a page unless told otherwise, and null at the end', async () => {
    const simulator = await startForTest('leen', { size: 101 });

    const first = await list(simulator);
    const last = await list(simulator, { cursor: String(first.next_cursor) });

    expect(rowsOf(first)).toHaveLength(100);
    expect(first.previous_cursor).toBeNull();
    expect(rowsOf(last)).toHaveLength(1);
    expect(last.next_cursor).toBeNull();
    expect(rowsOf(await list(simulator, { cursor: String(last.previous_cursor) }))).toStrictEqual(rowsOf(first));
  });

  it('takes a limit of 0 for no rows and no next page', async () => {
    const simulator = await startForTest('leen');

    expect(await list(simulator, { limit: '0' })).toStrictEqual({
      items: [],
      next_cursor: null,
      previous_cursor: null,
    });
  });

  it('writes the item of the document, for both kinds of back end', async () => {
    const simulator = await startForTest('leen', { size: 60 });

    const items = rowsOf(await list(simulator));

    for (const item of items)
      expect(Object.keys(item)).toStrictEqual(['id', 'name', 'email', 'status', 'vendor_attributes']);
    for (const { id } of items) expect(id).toMatch(uuid);
    const attributes = items.map((item) => item.vendor_attributes as Row);
    const jira = attributes.filter(({ vendor }) => vendor === 'JIRA');
    const others = attributes.filter(({ vendor }) => vendor !== 'JIRA');
    expect([jira.length, others.length]).toStrictEqual([54, 6]);
    expect(others.every(({ data, updated_at }) => data === null && updated_at !== null)).toBe(true);
    const types = new Set(jira.map(({ data }) => (data as Row).accountType));
    expect([...types].toSorted()).toStrictEqual(['app', 'atlassian', 'customer']);
    expect(new Set(jira.map(({ data }) => 'vendor' in (data as Row)))).toStrictEqual(new Set([true, false]));
    expect(items.filter(({ email }) => email === '')).toHaveLength(10);
  });

  it('writes groups when asked', async () => {
    const simulator = await startForTest('leen', { size: 1 });
    const [id = ''] = idsOf(simulator);
    simulator.directory.change(id, { groups: [1, 4] });

    const [item] = rowsOf(await list(simulator, { includeUserGroups: 'true' }));

    const groups = item?.groups as Row[];
    expect(groups.map(({ name }) => name)).toStrictEqual(['Developers', 'Sales']);
    for (const group of groups) {
      expect(Object.keys(group)).toStrictEqual(['id', 'name', 'description', 'status', 'vendor_attributes']);
    }
    expect(await askJson(simulator, `/itsm/users/${id}?includeUserGroups=true`)).toStrictEqual(item);
  });

  it('narrows the list by name, status, project and time', async () => {
    const simulator = await startForTest('leen', { size: 4 });
    const { directory } = simulator;
    const [first = '', second = '', third = '', fourth = ''] = idsOf(simulator);
    for (const id of [first, second, third, fourth]) directory.setStatus(id, id === second ? 'INACTIVE' : 'ACTIVE');
    const { updatedAt } = directory.change(third, { familyName: 'Rarename' });

    expect(await idsIn(simulator, { name: 'rarename' })).toStrictEqual([third]);
    expect(await idsIn(simulator, { status: 'INACTIVE' })).toStrictEqual([second]);
    expect(await idsIn(simulator, { projectId: leenProjectIds[1] })).toStrictEqual([first, third]);
    expect(await idsIn(simulator, { updatedSince: updatedAt })).toStrictEqual([third]);
    expect(await idsIn(simulator, { updatedSince: updatedAt.replace('Z', '+01:00') })).toHaveLength(4);
  });

  it('remembers in its cursor what the first request asked for', async () => {
    const simulator = await startForTest('leen', { size: 9 });
    const since = simulator.directory.touch(idsOf(simulator)[8] ?? '').updatedAt;
    simulator.directory.touch(idsOf(simulator)[2] ?? '');
    const first = await list(simulator, { limit: '1', updatedSince: since });

    const second = await list(simulator, { limit: '1', cursor: String(first.next_cursor) });

    expect([first, second].flatMap(rowsOf).map(({ id }) => id)).toStrictEqual([
      idsOf(simulator)[2],
      idsOf(simulator)[8],
    ]);
    expect(second.next_cursor).toBeNull();
  });

  it.each([
    'limit=-1',
    'limit=ten',
    'status=ASLEEP',
    'projectId=7',
    'updatedSince=yesterday',
    'updatedSince=2021-01-01T00:00:00+00:00',
    'includeUserGroups=perhaps',
    'cursor=nonsense',
  ])('refuses %s with 422 in its own shape', async (query) => {
    const simulator = await startForTest('leen');

    const answer = await ask(simulator, `/itsm/users?${query}`);

    const [parameter] = query.split('=');
    expect(answer.status).toBe(422);
    expect(await answer.json()).toStrictEqual({
      type: expect.any(String),
      code: 'UNPROCESSABLE_ENTITY',
      message: expect.any(String),
      detail: [{ loc: ['query', parameter], msg: expect.any(String), type: 'value_error' }],
    });
  });

  it('refuses updatedSince beside a cursor', async () => {
    const simulator = await startForTest('leen');
    const updatedSince = '2021-01-01T00:00:00+00:00';
    const { next_cursor } = await list(simulator, { limit: '1', updatedSince });

    const query = new URLSearchParams({ limit: '1', updatedSince, cursor: String(next_cursor) });
    const answer = await ask(simulator, `/itsm/users?${query}`);

    expect(next_cursor).not.toBeNull();
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('updatedSince');
  });

  it('lets the removed disappear', async () => {
    const simulator = await startForTest('leen');
    const [first = ''] = idsOf(simulator);
    simulator.directory.remove(first);

    expect(await idsIn(simulator, {})).not.toContain(first);
    expect((await ask(simulator, `/itsm/users/${first}`)).status).toBe(404);
  });
});
