import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, askJson, idsOf, listFirst, type Row, startForTest, walk } from './simulator-under-test.ts';

const list = async (simulator: Simulator, parameters: Record<string, string> = {}) =>
  (await askJson(simulator, `/users?${new URLSearchParams(parameters)}`)) as unknown as Row[];
const idsIn = async (simulator: Simulator, parameters: Record<string, string> = {}) =>
  (await list(simulator, parameters)).map(({ id }) => id);

describe('traps of the simulated Delay', () => {
  it('withoutLinks leaves the header out', async () => {
    const simulator = await startForTest('delay');
    simulator.traps.arm('withoutLinks');

    const answer = await ask(simulator, '/users?page_size=3');

    expect(answer.headers.has('link')).toBe(false);
    expect(simulator.traps.fired.withoutLinks).toBe(1);
    expect(await list(simulator, { page_size: '8' })).toHaveLength(8);
    expect(simulator.traps.fired.withoutLinks).toBe(1);
  });

  it('linksElsewhere leads to where it notices who comes with the token', async () => {
    const simulator = await startForTest('delay');
    simulator.traps.arm('linksElsewhere');

    const link = (await ask(simulator, '/users?page_size=3')).headers.get('link') ?? '';

    const [, target = ''] = /<([^>]*)>; rel="next"/.exec(link) ?? [];
    expect([new URL(target).origin === simulator.url, new URL(target).searchParams.get('page')]).toStrictEqual([
      false,
      '2',
    ]);
    await ask({ ...simulator, baseUrl: '' } as Simulator, target);
    expect(simulator.elsewhere).toStrictEqual({ requests: 1, withCredentials: 1 });
    expect(simulator.traps.fired.linksElsewhere).toBe(1);
  });

  it('pageIgnored shows the first page for every other one', async () => {
    const simulator = await startForTest('delay');
    simulator.traps.arm('pageIgnored');

    const pages = await walk(simulator, 3);

    expect(pages.map(({ ids }) => ids)).toStrictEqual(Array(3).fill(idsOf(simulator).slice(0, 3)));
    expect(simulator.traps.fired.pageIgnored).toBe(2);
  });

  it('perPageOnly keeps a size of its own unless asked by the other name', async () => {
    const simulator = await startForTest('delay');
    simulator.traps.arm('perPageOnly', { size: 5 });

    expect(await list(simulator, { page_size: '2' })).toHaveLength(5);
    expect(await list(simulator, { per_page: '2' })).toHaveLength(2);
    expect(simulator.traps.fired.perPageOnly).toBe(1);
    simulator.traps.arm('perPageOnly', { size: 500 });
    expect(await list(simulator, { page_size: '2' })).toHaveLength(8);
  });

  it('metadataVanishes hides who created and updated, and refuses to filter by it', async () => {
    const simulator = await startForTest('delay');
    const before = await listFirst(simulator);
    simulator.traps.arm('metadataVanishes');

    const rows = await listFirst(simulator);

    expect(rows).toStrictEqual(before.map(({ created_by: _, updated_by: __, ...row }) => row));
    expect((await ask(simulator, `/users?created_by=${String(before[0]?.created_by)}`)).status).toBe(403);
    expect(await askJson(simulator, `/users/${String(rows[0]?.id)}`)).toStrictEqual(rows[0]);
    expect(simulator.traps.fired.metadataVanishes).toBe(3);
  });

  it('sortRefused answers 400 to any order, and sortIgnored keeps none', async () => {
    const simulator = await startForTest('delay');
    simulator.traps.arm('sortRefused', { times: 1 });
    simulator.traps.arm('sortIgnored', { times: 1 });

    expect((await ask(simulator, '/users?sort_by=created_at')).status).toBe(400);
    expect(await idsIn(simulator, { sort_by: 'created_at' })).toStrictEqual(idsOf(simulator));
    expect(await idsIn(simulator, { sort_by: 'created_at' })).not.toStrictEqual(idsOf(simulator));
    expect(simulator.traps.fired).toMatchObject({ sortRefused: 1, sortIgnored: 1 });
  });

  it('reads created_at_from in every way that the document leaves open', async () => {
    const simulator = await startForTest('delay');
    const [person] = simulator.directory.people();
    const at = person?.createdAt ?? '';
    const isListed = async (ms: number) => {
      const from = new Date(Date.parse(at) + ms).toISOString();
      return (await idsIn(simulator, { created_at_from: from })).includes(person?.id);
    };
    const usual = [await isListed(0), await isListed(1)];
    simulator.traps.arm('fromExclusive');
    const exclusive = [await isListed(-1), await isListed(0)];
    simulator.traps.arm('fromByTheSecond');
    const bySecondExclusive = [await isListed(-1000), await isListed(-1), await isListed(0)];
    simulator.traps.disarm('fromExclusive');
    const bySecond = [await isListed(999), await isListed(1000)];
    simulator.traps.arm('fromIgnored');
    const ignored = await isListed(999_999_999_999);

    expect({ usual, exclusive, bySecondExclusive, bySecond, ignored }).toStrictEqual({
      usual: [true, false],
      exclusive: [true, false],
      bySecondExclusive: [true, true, false],
      bySecond: [true, false],
      ignored: true,
    });
    await list(simulator);
    expect(simulator.traps.fired).toMatchObject({ fromExclusive: 5, fromByTheSecond: 6, fromIgnored: 1 });
  });

  it('rowSecurity hides the same people from the list, the filters and the single user', async () => {
    const simulator = await startForTest('delay', { size: 10 });
    simulator.traps.arm('rowSecurity');
    const [shown, hidden] = [idsOf(simulator).slice(0, 4), idsOf(simulator).slice(4)];

    expect((await walk(simulator)).flatMap(({ ids }) => ids)).toStrictEqual(shown);
    for (const id of hidden) {
      expect(await idsIn(simulator, { id })).toStrictEqual([]);
      expect((await ask(simulator, `/users/${id}`)).status).toBe(404);
    }
  });

  it('has people at risk', async () => {
    const simulator = await startForTest('delay');
    simulator.directory.setStatus(idsOf(simulator)[0] ?? '', 'risky');

    expect((await listFirst(simulator))[0]?.status).toBe('risky');
  });
});
