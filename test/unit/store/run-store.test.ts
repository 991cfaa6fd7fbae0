import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { runRetentionDays } from '../../../src/store/run-store.ts';
import { anEntry, aUser } from '../../support/builders.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('a run that was begun', () => {
  const dayMs = 86_400_000;
  const begun = (daysAgo: number) => ({
    runId: 'run',
    startedAt: instant(Date.now() - daysAgo * dayMs),
    taken: 50,
    cursor: { keyHash: '00', sequence: 7 },
    basis: '{"sequence":7}',
  });

  it('is found by what was asked for, until it is deleted', async () => {
    const { store, id } = table.open();
    const run = begun(1);
    await store.writeRun(id, 'asked', run);

    expect(await store.readRun(id, 'asked')).toStrictEqual(run);
    expect(await store.readRun(id, 'something else')).toBeUndefined();
    await store.deleteRun(id, 'asked');
    expect(await store.readRun(id, 'asked')).toBeUndefined();
  });

  it('is gone after a week, whether the table has deleted it or not', async () => {
    const { store, id } = table.open();
    await store.writeRun(id, 'asked', begun(runRetentionDays + 1));

    expect(await store.readRun(id, 'asked')).toBeUndefined();
  });
});

describe('walkEntries', () => {
  it('goes on behind anybody, and leaves nobody out', async () => {
    const { store, id } = table.open();
    const ids = Array.from({ length: 40 }, (_, n) => `u${n}`);
    await store.writeEntries(
      id,
      ids.map((one) => anEntry({ user: aUser({ id: one }) })),
    );
    const walk = async (after?: { readonly keyHash: string; readonly userId: ReturnType<typeof userId> }) => {
      const found = [];
      for await (const entry of store.walkEntries(id, after)) found.push(entry);
      return found;
    };
    const all = await walk();

    expect(all.map((entry) => String(entry.userId)).sort()).toStrictEqual(ids.toSorted());
    for (const [at, entry] of all.entries()) expect(await walk(entry)).toStrictEqual(all.slice(at + 1));
  });
});
