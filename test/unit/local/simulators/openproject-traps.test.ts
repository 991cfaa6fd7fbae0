import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import {
  ask,
  askJson,
  type Body,
  fixedNowMs,
  idsOf,
  listFirst,
  type Row,
  startForTest,
} from './simulator-under-test.ts';

function listPage(simulator: Simulator, offset: number, pageSize = 3): Promise<Body> {
  const parameters = { offset: String(offset), pageSize: String(pageSize), sortBy: '[["id","asc"]]' };
  return askJson(simulator, `/api/v3/users?${new URLSearchParams(parameters)}`);
}

function rowsOf(body: Body): Row[] {
  return (body._embedded as { elements: Row[] }).elements;
}

describe('traps of the simulated OpenProject', () => {
  it('capPageSize serves smaller pages than asked, and says so', async () => {
    const simulator = await startForTest('openproject', { size: 60 });
    simulator.traps.arm('capPageSize');

    const capped = await listPage(simulator, 1, 1000);
    const small = await listPage(simulator, 1, 10);

    expect(capped).toMatchObject({ total: 60, count: 50, pageSize: 50 });
    expect(rowsOf(await listPage(simulator, 2, 1000))).toHaveLength(10);
    expect(small).toMatchObject({ count: 10, pageSize: 10 });
    expect(simulator.traps.fired.capPageSize).toBe(2);
  });

  it('totalMoves states another total on later pages', async () => {
    const simulator = await startForTest('openproject', { size: 8 });
    simulator.traps.arm('totalMoves', { by: -1 });

    const totals = [(await listPage(simulator, 1)).total, (await listPage(simulator, 2)).total];

    expect(totals).toStrictEqual([8, 7]);
    expect(simulator.traps.fired.totalMoves).toBe(1);
  });

  it('offsetEchoedAsOne serves page 1 whatever is asked', async () => {
    const simulator = await startForTest('openproject', { size: 8 });
    const first = await listPage(simulator, 1);
    simulator.traps.arm('offsetEchoedAsOne');

    const second = await listPage(simulator, 2);

    expect(second.offset).toBe(1);
    expect(rowsOf(second)).toStrictEqual(rowsOf(first));
    expect(simulator.traps.fired.offsetEchoedAsOne).toBe(1);
  });

  it('emptyPageWithCursor keeps the total, so that the sum of the pages falls short', async () => {
    const simulator = await startForTest('openproject', { size: 8 });
    simulator.traps.arm('emptyPageWithCursor', { page: 3 });

    const last = await listPage(simulator, 3);

    expect(last).toMatchObject({ total: 8, count: 0, _links: { nextByOffset: {} } });
  });

  it('halfList and removeWhileListing state the smaller total', async () => {
    const simulator = await startForTest('openproject', { size: 8 });
    simulator.traps.arm('halfList', { times: 1 });
    simulator.traps.arm('removeWhileListing', { times: 1 });

    expect([(await listPage(simulator, 1)).total, (await listPage(simulator, 2)).total]).toStrictEqual([4, 7]);
  });

  it('adminKeyVanishes takes away what only administrators see', async () => {
    const simulator = await startForTest('openproject');
    const before = await listFirst(simulator);
    simulator.traps.arm('adminKeyVanishes');

    const rows = await listFirst(simulator);

    expect(rows.map((row) => 'admin' in row)).toStrictEqual([false, false, false]);
    expect(Object.keys(rows[0]?._links as Row)).not.toContain('updateImmediately');
    expect(rows.map(({ status }) => status)).toStrictEqual(before.map(({ status }) => status));
    expect(simulator.traps.fired.adminKeyVanishes).toBe(1);
  });

  it('onlyUpdatedAtChanges renews that and nothing else, every time', async () => {
    const simulator = await startForTest('openproject');
    const before = await listFirst(simulator);
    simulator.traps.arm('onlyUpdatedAtChanges');

    const [once, twice] = [await listFirst(simulator), await listFirst(simulator)];

    for (const [index, row] of before.entries()) {
      const instants = [row, once[index], twice[index]].map((seen) => seen?.updatedAt);
      expect(new Set(instants).size).toBe(3);
      expect({ ...once[index], updatedAt: row.updatedAt }).toStrictEqual(row);
    }
    expect(simulator.traps.fired.onlyUpdatedAtChanges).toBe(2);
  });

  it('rateLimitEpochReset answers 429 with an epoch and no Retry-After', async () => {
    const simulator = await startForTest('openproject');
    simulator.traps.arm('rateLimitEpochReset', { seconds: 30 });

    const answer = await ask(simulator, '/api/v3/users');

    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ errorIdentifier: 'urn:openproject-org:api:v3:errors:TooManyRequests' });
    expect(answer.headers.get('ratelimit-reset')).toBe(String(fixedNowMs / 1000 + 30));
    expect(answer.headers.get('ratelimit-remaining')).toBe('0');
    expect(answer.headers.has('retry-after')).toBe(false);
    expect(simulator.traps.fired.rateLimitEpochReset).toBe(1);
  });

  it('can spoil the token endpoint alone', async () => {
    const simulator = await startForTest('openproject');
    simulator.traps.arm('error', { on: 'token', status: 503 });

    const token = await fetch(`${simulator.url}/oauth/token`, { method: 'POST', body: new URLSearchParams() });

    expect(token.status).toBe(503);
    expect(await listFirst(simulator)).toHaveLength(3);
    expect(simulator.traps.fired.error).toBe(1);
  });

  it('has no cursors that expire', async () => {
    const simulator = await startForTest('openproject');

    expect(() => simulator.traps.arm('expiredCursor')).toThrow('no trap is called expiredCursor here');
    expect(idsOf(simulator)).toHaveLength(8);
  });
});
