import { describe, expect, it } from 'vitest';
import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import type { SeenUsers } from '../../../src/diff/seen-users.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { findUnseen, readEntries } from '../../../src/sweep/find-unseen.ts';
import { anEntry, aUser } from '../../support/builders.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { all } from '../store/sample-log.ts';
import { acme, aSweep } from './a-sweep.ts';

const keyHash = (n: number) => n.toString(16).padStart(16, '0');
const sample = anEntry();
const entryOf = (n: number, given: Partial<SnapshotEntry> = {}): SnapshotEntry => ({
  ...sample,
  userId: `u${n}` as never,
  keyHash: keyHash(n),
  ...given,
});

describe(findUnseen, () => {
  it('tells apart who shares a key hash by whom the list has shown, and leaves out who is gone', async () => {
    const store = createMemoryStore();
    await store.writeEntries(acme, [
      entryOf(1),
      ...['a', 'b'].map((id) => anEntry({ user: aUser({ id }), keyHash: keyHash(2) })),
      anEntry({ user: aUser({ id: 'c' }), keyHash: keyHash(2), presence: 'gone' }),
    ]);
    const seen: Partial<SeenUsers> = {
      unseen: () => [{ keyHash: keyHash(1) }],
      sharedKeyHashes: () => [keyHash(2)],
      saw: (userId) => userId === 'a',
    };

    expect(await all(findUnseen(await aSweep({ store }), seen as SeenUsers))).toStrictEqual([
      { keyHash: keyHash(1) },
      { keyHash: keyHash(2), userId: 'b' },
    ]);
  });
});

/** Reads the entries of absent users of so many known ones, and tells how: one by one or all. */
async function read(entries: readonly SnapshotEntry[], absent: readonly AbsentUser[], pairs = 0) {
  const memory = createMemoryStore();
  await memory.writeEntries(acme, entries);
  const asked: string[] = [];
  let atOnce = 0;
  let most = 0;
  const store = {
    ...memory,
    readAllEntries(id: typeof acme) {
      asked.push('all');
      return memory.readAllEntries(id);
    },
    async readEntriesByKeyHash(id: typeof acme, hash: string) {
      asked.push(hash);
      atOnce += 1;
      most = Math.max(most, atOnce);
      const found = await memory.readEntriesByKeyHash(id, hash);
      atOnce -= 1;
      return found;
    },
  };
  const builder = createAbsentListBuilder();
  for (const user of absent) builder.add(user);
  const sweep = await aSweep({ store, state: { counts: { pairs, live: pairs, tombstones: 0 } } });
  const found = await all(readEntries(sweep, createAbsentList(builder.build())));
  return { found: found.map(({ userId }) => userId).sort(), asked, most };
}

const missing = (n: number): AbsentUser => ({ keyHash: keyHash(n), missedSweeps: 1 });
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe(readEntries, () => {
  it('asks for each of a few, and for a key hash once', async () => {
    const entries = [entryOf(1), entryOf(2), entryOf(3, { presence: 'gone' })];
    const sharers = ['a', 'b'].map((id) => anEntry({ user: aUser({ id }), keyHash: keyHash(4) }));
    const shared = sharers.map(({ userId }) => ({ keyHash: keyHash(4), userId, missedSweeps: 1 }));

    const { found, asked } = await read([...entries, ...sharers], [missing(1), missing(3), ...shared]);

    expect(found).toStrictEqual(['a', 'b', 'u1']);
    expect(asked).toStrictEqual([keyHash(1), keyHash(3), keyHash(4)]);
  });

  it('reads nothing for nobody', async () => {
    expect(await read([entryOf(1)], [])).toStrictEqual({ found: [], asked: [], most: 0 });
  });

  it('asks for sixteen at a time', async () => {
    const { found, most } = await read(
      numbers(40).map((n) => entryOf(n)),
      numbers(34).map(missing),
    );

    expect([found.length, most]).toStrictEqual([34, 16]);
  });

  it.each([
    { absent: 100, pairs: 0, isAll: false },
    { absent: 101, pairs: 0, isAll: true },
    { absent: 101, pairs: 404, isAll: false },
    { absent: 101, pairs: 403, isAll: true },
  ])('reads past all entries where those of $absent of $pairs are wanted: $isAll', async ({ absent, pairs, isAll }) => {
    const entries = [...numbers(absent + 1).map((n) => entryOf(n)), entryOf(999, { presence: 'gone' })];

    const { found, asked } = await read(entries, [...numbers(absent - 1).map(missing), missing(999)], pairs);

    expect(found).toHaveLength(absent - 1);
    expect(asked.includes('all')).toBe(isAll);
    expect(asked).toHaveLength(isAll ? 1 : absent);
  });
});
