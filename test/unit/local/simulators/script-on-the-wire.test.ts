import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../local/simulators/start-simulator.ts';
import { askJson, clients, type Row, startForTest, vendorNames } from './simulator-under-test.ts';

/** What a client that knows its vendor compares: everything but the times of writing and of logins, and custom fields. */
async function listSettled(simulator: Simulator): Promise<Map<string, string>> {
  const client = clients[simulator.vendor];
  const rows = client.rowsOf(await askJson(simulator, client.listPath(500)));
  const settled = (row: Row) =>
    JSON.stringify(row, (key, value: unknown) =>
      /^updated_?at$|^last_(login|active)_at$|^customField/i.test(key) ? null : value,
    );
  return new Map(rows.map((row) => [String(row.id), settled(row)]));
}

function kindsSeen(before: Map<string, string>, after: Map<string, string>): string[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const different = ids.filter((id) => before.get(id) !== after.get(id));
  return different.map((id) => `${id} ${before.has(id) ? (after.has(id) ? 'changed' : 'gone') : 'new'}`).toSorted();
}

const shownAs = { created: 'new', removed: 'gone', updated: 'changed', status_changed: 'changed' } as const;

describe.each(vendorNames)('the script as %s shows it', (vendor) => {
  it('makes each change visible that causes an event, and none of the others', async () => {
    const simulator = await startForTest(vendor, { size: 40 });
    const quiet = new Set<string>();
    let before = await listSettled(simulator);

    for (let step = 1; step <= 12; step += 1) {
      const changes = simulator.directory.advance();
      const after = await listSettled(simulator);

      const expected = changes.flatMap(({ kind, id }) =>
        kind in shownAs ? [`${id} ${shownAs[kind as 'updated']}`] : [],
      );
      expect(kindsSeen(before, after)).toStrictEqual(expected.toSorted());
      for (const { kind } of changes) if (!(kind in shownAs)) quiet.add(kind);
      before = after;
    }

    expect([...quiet].toSorted()).toStrictEqual(vendor === 'leen' ? ['regrouped', 'touched'] : ['touched']);
  });
});

describe('the script as OpenProject shows it', () => {
  it('locks some of those who leave, without a new updatedAt, before they are gone', async () => {
    const simulator = await startForTest('openproject', { size: 40 });
    const { directory } = simulator;

    const locked = Array.from({ length: 20 }, () => {
      const before = new Map(directory.people().map(({ id, updatedAt }) => [id, updatedAt]));
      directory.advance();
      return directory.people().filter(({ id, isLeaving, updatedAt }) => isLeaving && before.get(id) === updatedAt);
    }).flat();
    directory.advance();

    expect(locked.length).toBeGreaterThan(0);
    expect(new Set(locked.map(({ status }) => status))).toStrictEqual(new Set(['locked']));
    expect(locked.filter(({ id }) => directory.find(id))).toStrictEqual([]);
  });
});
