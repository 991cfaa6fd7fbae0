import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, askJson, clients, idsOf, startForTest } from './simulator-under-test.ts';

/** The filter for changed users in each vendor's spelling. */
const filters = [
  ['leen', 'updatedSince'],
  ['truto', 'updated_at[gte]'],
  ['delay', 'updated_at_from'],
] as const;

async function listWith(simulator: Simulator, vendor: (typeof filters)[number][0], parameter?: string, since = '') {
  const client = clients[vendor];
  const more = parameter === undefined ? '' : `&${new URLSearchParams({ [parameter]: since })}`;
  return client.rowsOf(await askJson(simulator, `${client.listPath(50)}${more}`)).map(({ id }) => id);
}

describe.each(filters)('the filter for changed users of the simulated %s', (vendor, parameter) => {
  it('lists who changed since then, and who joined', async () => {
    const simulator = await startForTest(vendor);
    const [, second = ''] = idsOf(simulator);
    const { updatedAt } = simulator.directory.touch(second);
    const { id } = simulator.directory.add();

    expect(await listWith(simulator, vendor, parameter, updatedAt)).toStrictEqual([second, id]);
  });

  it('updatedSinceIgnored lists everybody, and counts only where the filter was sent', async () => {
    const simulator = await startForTest(vendor);
    const { updatedAt } = simulator.directory.touch(idsOf(simulator)[1] ?? '');
    simulator.traps.arm('updatedSinceIgnored');

    const everybody = await listWith(simulator, vendor);
    const firedBefore = simulator.traps.fired.updatedSinceIgnored;

    expect(await listWith(simulator, vendor, parameter, updatedAt)).toStrictEqual(everybody);
    expect([firedBefore, simulator.traps.fired.updatedSinceIgnored]).toStrictEqual([0, 1]);
    expect(everybody).toHaveLength(idsOf(simulator).length);
  });
});

describe('updatedSinceUnlisted of the simulated Truto', () => {
  const path = `${clients.truto.listPath(3).replace('?', '/meta/list?')}`;
  const listed = async (simulator: Simulator) => {
    const { query_schema } = await askJson(simulator, path);
    return Object.keys((query_schema as { properties: object }).properties);
  };

  it('takes the filter from what the meta route lists, and nothing else', async () => {
    const simulator = await startForTest('truto');
    const before = await listed(simulator);
    simulator.traps.arm('updatedSinceUnlisted');

    expect(before).toContain('updated_at');
    expect(await listed(simulator)).toStrictEqual(before.filter((name) => name !== 'updated_at'));
    expect((await ask(simulator, clients.truto.listPath(3))).status).toBe(200);
    expect(simulator.traps.fired.updatedSinceUnlisted).toBe(1);
  });
});
