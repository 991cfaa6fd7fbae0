import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { entryKey } from '../../../src/store/keys.ts';
import type { EntryKey } from '../../../src/sweep/ports.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { all, anEntry, aUser } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

function keyOf({ keyHash, userId }: SnapshotEntry): EntryKey {
  return { keyHash, userId };
}

/** An entry of every user from 1 to `count`. */
function entriesOf(count: number, fields: Partial<SnapshotEntry> = {}): readonly SnapshotEntry[] {
  return Array.from({ length: count }, (_, n) => anEntry(String(n + 1), fields));
}

/** An entry so large that one answer of the table has room for seven. */
const large = { user: aUser('u', { bio: 'b'.repeat(140_000) }) };

const idsOf = (entries: Iterable<SnapshotEntry>) => [...entries].map(({ userId }) => userId).sort();
const byId = (a: SnapshotEntry, b: SnapshotEntry) => (a.userId < b.userId ? -1 : 1);

describe('readEntries', () => {
  it('answers for nobody when asked for nobody, without a call', async () => {
    const { store, id, wire } = table.open();

    const read = await store.readEntries(id, []);

    expect(read).toStrictEqual(new Map());
    expect(wire.calls).toStrictEqual([]);
  });

  it('leaves out those who have no entry', async () => {
    const { store, id } = table.open();
    const present = anEntry('present');
    await store.writeEntries(id, [present]);

    const read = await store.readEntries(id, [keyOf(anEntry('absent')), keyOf(present)]);

    expect(read).toStrictEqual(new Map([[present.userId, present]]));
  });

  it('answers for any number of users, a hundred a call, strongly consistent', async () => {
    const { store, id, wire } = table.open();
    const entries = entriesOf(201);
    await store.writeEntries(id, entries);

    for (const count of [99, 100, 101, 200, 201]) {
      wire.reset();
      const asked = entries.slice(0, count);
      const read = await store.readEntries(id, asked.map(keyOf));

      expect(idsOf(read.values())).toStrictEqual(idsOf(asked));
      expect(wire.calls).toHaveLength(Math.ceil(count / 100));
      for (const { input } of wire.calls) expect(JSON.stringify(input)).toContain('"ConsistentRead":true');
    }
  });

  it('asks again for those that one answer had no room for', async () => {
    const { store, id, wire } = table.open();
    const entries = entriesOf(20, large);
    await store.writeEntries(id, entries);
    wire.reset();

    const read = await store.readEntries(id, entries.map(keyOf));

    expect(idsOf(read.values())).toStrictEqual(idsOf(entries));
    expect(wire.calls.length).toBeGreaterThan(1);
  });
});

describe('readEntriesByKeyHash', () => {
  it('answers everyone who shares a key hash and nobody else', async () => {
    const { store, id } = table.open();
    const sharers = ['one', 'two', 'three'].map((name) => anEntry(name, { keyHash: '00000000000000aa' }));
    const others = [anEntry('four', { keyHash: '00000000000000ab' }), anEntry('five', { keyHash: '0000000000000000' })];
    await store.writeEntries(id, [...sharers, ...others]);

    const read = await store.readEntriesByKeyHash(id, '00000000000000aa');

    expect([...read].sort(byId)).toStrictEqual([...sharers].sort(byId));
  });

  it('answers nobody for a key hash that nobody has', async () => {
    const { store, id } = table.open();

    expect(await store.readEntriesByKeyHash(id, 'ffffffffffffffff')).toStrictEqual([]);
  });

  it('reads strongly consistent', async () => {
    const { store, id, wire } = table.open();

    await store.readEntriesByKeyHash(id, 'ffffffffffffffff');

    expect(wire.calls.map(({ input }) => input.ConsistentRead)).toStrictEqual([true]);
  });
});

describe('readAllEntries', () => {
  it('yields everyone once, whatever his key hash begins with, tombstones included', async () => {
    const { store, id } = table.open();
    const heads = [...'0123456789abcdef'].map((digit, n) =>
      anEntry(`head ${digit}`, { keyHash: `${digit}000000000000000`, presence: n % 3 === 0 ? 'gone' : 'live' }),
    );
    const entries = [...heads, ...entriesOf(30)];
    await store.writeEntries(id, entries);

    const read = await all(store.readAllEntries(id));

    expect(read.sort(byId)).toStrictEqual([...entries].sort(byId));
  });

  it('goes on where one answer of the table ends', async () => {
    const { store, id } = table.open();
    const entries = entriesOf(12, { ...large, keyHash: '7777777777777777' });
    await store.writeEntries(id, entries);

    const read = await all(store.readAllEntries(id));

    expect(idsOf(read)).toStrictEqual(idsOf(entries));
  });

  it('yields nobody of another connection', async () => {
    const { store, id } = table.open();
    const other = table.open();
    await other.store.writeEntries(other.id, entriesOf(3));

    expect(await all(store.readAllEntries(id))).toStrictEqual([]);
  });

  it.each([{ user: '{' }, { user: '{"id":"u"}' }, { revision: 'seven' }, { keyHash: 'short' }])(
    'refuses an entry it cannot read, %o, and names the item',
    async (damage) => {
      const { store, id } = table.open();
      const { user, ...attributes } = anEntry('u');
      const item = {
        ...entryKey(id, attributes.keyHash, attributes.userId),
        ...attributes,
        user: JSON.stringify(user),
      };
      await table.raw.put({ ...item, ...damage });

      const reading = all(store.readAllEntries(id));

      await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
    },
  );
});
