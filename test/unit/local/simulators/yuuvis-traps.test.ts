import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import {
  ask,
  askJson,
  type Body,
  clients,
  idsOf,
  listFirst,
  type Row,
  startForTest,
  walk,
} from './simulator-under-test.ts';

const path = clients.yuuvis.listPath(3);

function page(simulator: Simulator, first: number, max = 3): Promise<Body> {
  const query = new URLSearchParams({ first: String(first), max: String(max), briefRepresentation: 'false' });
  return askJson(simulator, `/tenant-management/api/idm/users?${query}`);
}

function idsIn(body: Body): unknown[] {
  return (body.objects as Row[]).map(({ id }) => id);
}

describe('traps of the simulated yuuvis', () => {
  it('capPageSize shortens pages that are not the last', async () => {
    const simulator = await startForTest('yuuvis', { size: 8 });
    simulator.traps.arm('capPageSize', { size: 2 });

    const [first, last] = [await page(simulator, 0), await page(simulator, 6)];

    expect(first).toMatchObject({ numItems: 2, totalNumItems: 8, hasMoreItems: true });
    expect(last).toMatchObject({ numItems: 2, hasMoreItems: false });
    expect(idsIn(await page(simulator, 2))).toStrictEqual(idsOf(simulator).slice(2, 4));
    expect(simulator.traps.fired.capPageSize).toBe(3);
  });

  it('emptyPageWithCursor counts nobody and says that there are more', async () => {
    const simulator = await startForTest('yuuvis');
    simulator.traps.arm('emptyPageWithCursor');

    expect(await page(simulator, 6)).toStrictEqual({ objects: [], numItems: 0, totalNumItems: 8, hasMoreItems: true });
    expect(simulator.traps.fired.emptyPageWithCursor).toBe(1);
  });

  it('counts the pages of a walk whose pages overlap, and the same page asked twice as one', async () => {
    const simulator = await startForTest('yuuvis');
    simulator.traps.arm('error', { page: 3 });
    const query = (first: number) => ask(simulator, `/tenant-management/api/idm/users?first=${first}&max=3`);

    const statuses = [];
    for (const first of [0, 2, 2, 4, 4, 6, 0, 2, 4]) statuses.push((await query(first)).status);

    expect(statuses).toStrictEqual([200, 200, 200, 500, 500, 200, 200, 200, 500]);
  });

  it('totalMoves states another total on later pages', async () => {
    const simulator = await startForTest('yuuvis', { size: 8 });
    simulator.traps.arm('totalMoves', { by: -1 });

    const totals = [(await page(simulator, 0)).totalNumItems, (await page(simulator, 3)).totalNumItems];

    expect(totals).toStrictEqual([8, 7]);
    expect(simulator.traps.fired.totalMoves).toBe(1);
  });

  it('ignoreFirst serves the first page for ever', async () => {
    const simulator = await startForTest('yuuvis');
    const first = await page(simulator, 0);
    simulator.traps.arm('ignoreFirst');

    expect(await page(simulator, 6)).toStrictEqual(first);
    expect(simulator.traps.fired.ignoreFirst).toBe(1);
  });

  it('shuffleOrder has everybody in another order for every request', async () => {
    const simulator = await startForTest('yuuvis', { size: 30 });
    simulator.traps.arm('shuffleOrder');

    const orders = [await page(simulator, 0, 30), await page(simulator, 0, 30)].map(idsIn);

    expect(orders[0]).not.toStrictEqual(orders[1]);
    for (const order of orders) expect(order.toSorted()).toStrictEqual(idsOf(simulator).toSorted());
    expect(simulator.traps.fired.shuffleOrder).toBe(2);
  });

  it('renameWhileListing moves somebody who has not been read to where the reader has been', async () => {
    const simulator = await startForTest('yuuvis', { size: 8 });
    const before = idsOf(simulator);
    simulator.traps.arm('renameWhileListing', { times: 1 });

    const seen = (await walk(simulator)).flatMap(({ ids }) => ids);

    expect(idsOf(simulator)).toStrictEqual([before[7], ...before.slice(0, 7)]);
    expect(before.filter((id) => !seen.includes(id))).toStrictEqual([before[7]]);
    expect(seen).toHaveLength(8);
    expect(simulator.traps.fired.renameWhileListing).toBe(1);
  });

  it('reuseUserName disables and renames somebody, and gives his user name to somebody new', async () => {
    const simulator = await startForTest('yuuvis', { size: 3 });
    const before = (await page(simulator, 0, 10)).objects as Row[];
    simulator.traps.arm('reuseUserName', { times: 1 });

    const after = (await page(simulator, 0, 10)).objects as Row[];

    const newcomer = after.find(({ id }) => !before.some((row) => row.id === id));
    const leaver = before.find(({ username }) => username === newcomer?.username);
    expect(leaver).toMatchObject({ enabled: true });
    expect(after).toContainEqual({ ...leaver, enabled: false, username: `${String(leaver?.username)}-disabled` });
    expect(after).toHaveLength(4);
    expect(simulator.traps.fired.reuseUserName).toBe(1);
  });

  it('reverseRoles and createdAsIso write the same in another way', async () => {
    const simulator = await startForTest('yuuvis');
    const before = await listFirst(simulator);
    simulator.traps.arm('reverseRoles');
    simulator.traps.arm('createdAsIso');

    const rows = await listFirst(simulator);

    expect(rows).toStrictEqual(
      before.map((row) => ({
        ...row,
        roles: (row.roles as string[]).toReversed(),
        createdTimestamp: new Date(Number(row.createdTimestamp)).toISOString(),
      })),
    );
    expect(simulator.traps.fired).toMatchObject({ reverseRoles: 1, createdAsIso: 1 });
  });

  it('errorInsideList puts an error after the last row of a 200', async () => {
    const simulator = await startForTest('yuuvis');
    simulator.traps.arm('errorInsideList');

    const body = await page(simulator, 0);

    expect(body.objects).toHaveLength(4);
    expect((body.objects as Row[]).at(-1)).toStrictEqual({ error: 'unknown_error' });
    expect(simulator.traps.fired.errorInsideList).toBe(1);
  });

  it('capSessions refuses whoever opens too many, and lets in who comes back with his own', async () => {
    const simulator = await startForTest('yuuvis');
    simulator.traps.arm('capSessions', { size: 2 });

    const answers = [await ask(simulator, path), await ask(simulator, path), await ask(simulator, path)];
    const cookie = answers[0]?.headers.get('set-cookie')?.split(';')[0] ?? '';
    const back = await ask(simulator, path, { headers: { cookie } });

    expect([...answers, back].map(({ status }) => status)).toStrictEqual([200, 200, 403, 200]);
    expect(simulator.traps.fired.capSessions).toBe(1);
  });

  it('refuseSession ends the session that a request brings along', async () => {
    const simulator = await startForTest('yuuvis');
    simulator.traps.arm('refuseSession', { times: 1 });
    const first = await ask(simulator, path);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';

    const refused = await ask(simulator, path, { headers: { cookie } });
    const again = await ask(simulator, path, { headers: { cookie } });

    expect([first, refused, again].map(({ status }) => status)).toStrictEqual([200, 401, 200]);
    expect(again.headers.get('set-cookie')).toContain('session-2');
    expect(simulator.traps.fired.refuseSession).toBe(1);
  });

  it.each(['expiredCursor', 'repeatCursor', 'cursorCycle'] as const)('has no cursors, so no %s', async (name) => {
    const simulator = await startForTest('yuuvis');

    expect(() => simulator.traps.arm(name)).toThrow(`no trap is called ${name} here`);
  });
});
