import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedKeyDigest } from '../../../src/diff/digest.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { entryKey } from '../../../src/store/keys.ts';
import { maxUserIdBytes } from '../../../src/sweep/compare-pages.ts';
import type { EntryKey } from '../../../src/sweep/ports.ts';
import { holdBefore, loseAnswer, startTestTable, type TestTable } from '../../support/test-table.ts';
import { all, anEntry, aUser, noon } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

function keyOf({ keyHash, userId: id }: SnapshotEntry): EntryKey {
  return { keyHash, userId: id };
}

const byId = (a: SnapshotEntry, b: SnapshotEntry) => (a.userId < b.userId ? -1 : 1);

describe('writeEntries', () => {
  it.each<Partial<SnapshotEntry>>([
    { revision: 1, presence: 'live' },
    { revision: 12, presence: 'reported_deleted', deletedAt: noon },
    { revision: 999_999, presence: 'gone', deletedAt: noon, digest: sharedKeyDigest },
    {
      user: aUser('u', {
        bio: '"\\\u2028 ümläut 🦊',
        vendorAttributes: JSON.parse('{"__proto__":"x","constructor":1,"empty":{},"none":null,"list":[]}'),
      }),
    },
  ])('keeps an entry as it is: %o', async (fields) => {
    const { store, id } = table.open();
    const entry = anEntry('u', fields);

    await store.writeEntries(id, [entry]);

    expect(await store.readEntries(id, [keyOf(entry)])).toStrictEqual(new Map([[entry.userId, entry]]));
  });

  it('takes away what the newer revision does not have', async () => {
    const { store, id } = table.open();
    await store.writeEntries(id, [anEntry('u', { revision: 1, presence: 'gone', deletedAt: noon })]);

    await store.writeEntries(id, [anEntry('u', { revision: 2 })]);

    expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('u', { revision: 2 })]);
  });

  it.each([
    { what: 'an older revision', revision: 6 },
    { what: 'another content of the same revision', revision: 7 },
  ])('leaves a newer entry alone when it is given $what', async ({ revision }) => {
    const { store, id } = table.open();
    const present = anEntry('u', { revision: 7 });
    await store.writeEntries(id, [present]);

    await store.writeEntries(id, [anEntry('u', { revision, user: aUser('u', { title: 'late' }) })]);

    expect(await all(store.readAllEntries(id))).toStrictEqual([present]);
  });

  it('skips the entries that are newer and writes the others', async () => {
    const { store, id } = table.open();
    await store.writeEntries(id, [anEntry('a', { revision: 5 })]);

    await store.writeEntries(id, [anEntry('a', { revision: 4 }), anEntry('b', { revision: 4 })]);

    const revisions = (await all(store.readAllEntries(id))).map((entry) => [entry.userId, entry.revision]);
    expect(revisions.sort()).toStrictEqual([
      ['a', 5],
      ['b', 4],
    ]);
  });

  it('does not let a worker who wakes up late put an older entry back', async () => {
    const quick = table.open();
    const slow = table.open({ id: quick.id });
    const { tap, reached, goOn } = holdBefore('PutItem');
    slow.wire.tap(tap);
    const late = slow.store.writeEntries(quick.id, [anEntry('u', { revision: 2 })]);
    await reached;
    await quick.store.writeEntries(quick.id, [anEntry('u', { revision: 3 })]);
    goOn();

    await late;

    expect(await all(quick.store.readAllEntries(quick.id))).toStrictEqual([anEntry('u', { revision: 3 })]);
  });

  it('keeps the newest revision of several workers who write at once', async () => {
    const { store, id } = table.open();
    const revisions = [4, 9, 1, 7, 2, 8, 3, 6, 5];

    await Promise.all(
      revisions.map((revision) => table.open({ id }).store.writeEntries(id, [anEntry('u', { revision })])),
    );

    expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('u', { revision: 9 })]);
  });

  it('holds when an answer got lost and the client asked again', async () => {
    const { store, id, wire } = table.open({ attempts: 2 });
    wire.tap(loseAnswer('PutItem'));

    await store.writeEntries(id, [anEntry('u')]);

    expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('u')]);
  });

  it('names an entry that is larger than an item can be', async () => {
    const { store, id } = table.open();
    const entry = anEntry('u', { user: aUser('u', { bio: 'b'.repeat(420_000) }) });

    const writing = store.writeEntries(id, [entry]);

    await expect(writing).rejects.toMatchObject({
      code: 'store.item_too_large',
      context: { item: expect.stringMatching(/^connection#.*#entries#.*#u$/), maxBytes: 409_600 },
    });
  });
});

describe('user ids', () => {
  const strange = [
    '#',
    'a#b',
    '#a#',
    '0#1',
    ' ',
    'ünï',
    '用户',
    '🦊',
    '../..',
    '%00',
    '"',
    "'",
    '\\',
    '{"S":"x"}',
    '\u0000',
  ];

  it('tells apart users whose ids look like parts of a key', async () => {
    const { store, id } = table.open();
    const entries = strange.map((text) => anEntry(text, { keyHash: 'aaaaaaaaaaaaaaaa' }));

    await store.writeEntries(id, entries);

    const read = await store.readEntriesByKeyHash(id, 'aaaaaaaaaaaaaaaa');
    expect([...read].sort(byId)).toStrictEqual([...entries].sort(byId));
    expect(await store.readEntries(id, entries.map(keyOf))).toStrictEqual(
      new Map(read.map((entry) => [entry.userId, entry])),
    );
  });

  it('may have 512 characters', async () => {
    const { store, id } = table.open();
    const entries = ['a', 'b'].map((letter) => anEntry(`${'x'.repeat(511)}${letter}`));

    await store.writeEntries(id, entries);

    expect(await store.readEntries(id, entries.map(keyOf))).toStrictEqual(
      new Map(entries.map((entry) => [entry.userId, entry])),
    );
  });

  it.each(['a', 'é', '用', '🦊'])('may be as long as a sweep lets them be, in %s', async (letter) => {
    const { store, id } = table.open();
    const longest = letter.repeat(maxUserIdBytes / Buffer.byteLength(letter));
    const entry = anEntry(longest);

    await store.writeEntries(id, [entry]);

    expect(await store.readEntries(id, [keyOf(entry)])).toStrictEqual(new Map([[entry.userId, entry]]));
    // The emulator counts characters, the service bytes: 1,024 a sort key. Source: AWS, DynamoDB "Constraints".
    expect(Buffer.byteLength(entryKey(id, entry.keyHash, entry.userId).sk)).toBeLessThanOrEqual(1_024);
  });
});
