import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProtectorCache } from '../../../functions/protector-cache.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { BusEntry } from '../../../src/events/pack-entries.ts';
import { publishBatch, publishLog } from '../../../src/publish/publish-log.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aConnection, anEventBatch, aUser, update, withEvent } from '../store/sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const secret = 'a note written before anybody minded';
const protection = { redact: ['bio'], hash: ['displayName'] } as const;
const diff = { changedFields: ['bio', 'title'], before: { bio: `old: ${secret}` } } as const;

/** A log of two batches that hold what is to be masked by now, and a bus that keeps what it is given. */
async function openLog() {
  const { store, id } = table.open();
  const user = aUser('u', { bio: secret, title: 'Dr' });
  const batches = [1, 2].map((position) =>
    anEventBatch(id, position, { transitions: [withEvent(update('u', position, { user }), position, { diff })] }),
  );
  for (const batch of batches) await store.appendBatch(batch);
  const taken: BusEntry[] = [];
  const bus = { putEntries: async (entries: readonly BusEntry[]) => void taken.push(...entries) };
  return { store, id, bus, taken, batches };
}

describe(publishLog, () => {
  it('masks what the settings of today protect in batches of yesterday', async () => {
    const { store, id, bus, taken } = await openLog();
    await store.saveConnection(aConnection(id, { protection }), () => 'a digest key of this test', 0);
    const protectorOf = createProtectorCache({ store, nowMs: () => 0 });

    await publishLog({ store, bus, protectorOf }, id);

    const { displayName } = createProtector(protection, 'a digest key of this test').protectUser(aUser('u'));
    expect(taken.map(({ Detail }) => JSON.parse(Detail).data)).toStrictEqual(
      [1, 2].map(() => ({
        user: { id: 'u', displayName, status: 'active', title: 'Dr' },
        before: {},
        changedFields: ['title'],
        changes: [{ field: 'title', op: 'add', to: 'Dr' }],
      })),
    );
  });

  it('publishes nothing where it cannot tell what to mask, and all of it later', async () => {
    const { store, id, bus, taken } = await openLog();
    const unreadable = async () => {
      throw new Error('the table is away');
    };

    await expect(publishLog({ store, bus, protectorOf: unreadable }, id)).rejects.toThrow('the table is away');

    expect([taken.length, await store.readPublished(id)]).toStrictEqual([0, 0]);
    await publishLog({ store, bus, protectorOf: async () => createProtector(protection, 'key') }, id);
    expect([taken.length, await store.readPublished(id)]).toStrictEqual([2, 2]);
  });
});

describe(publishBatch, () => {
  it('asks for the protection of the connection whose batch it is', async () => {
    const { store, id, bus, taken, batches } = await openLog();
    const asked: string[] = [];
    const protectorOf = async (connectionId: string) => {
      asked.push(connectionId);
      return createProtector(protection, 'key');
    };

    for (const batch of batches) await publishBatch({ store, bus, protectorOf }, batch);

    expect(new Set(asked)).toStrictEqual(new Set([id]));
    expect(taken).toHaveLength(2);
    expect(JSON.stringify(taken)).not.toContain(secret);
  });
});
