import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import type { EntryKey } from '../../../src/sweep/ports.ts';
import { all, anEntry, aUser } from '../store/sample-log.ts';
import type { ContractSubject, OpenSubject } from './store-contract.ts';

const keyOf = ({ keyHash, userId }: SnapshotEntry): EntryKey => ({ keyHash, userId });
const byId = (a: SnapshotEntry, b: SnapshotEntry) => (a.userId < b.userId ? -1 : 1);
const readSorted = async ({ store, id }: ContractSubject) => (await all(store.readAllEntries(id))).sort(byId);
const shared = '00000000000000aa';

/** Another content of a revision. */
const other = (id: string, revision: number) => anEntry(id, { revision, user: aUser(id, { title: 'other' }) });

/** Two users who stay, one who changes, one who joins. */
async function openMixed(open: OpenSubject) {
  const subject = await open();
  const [stays, changes, leaves, joins] = ['stays', 'changes', 'leaves', 'joins'].map((name) => anEntry(name)) as [
    SnapshotEntry,
    SnapshotEntry,
    SnapshotEntry,
    SnapshotEntry,
  ];
  await subject.given.writeEntries(subject.id, [stays, changes, leaves]);
  const changed = anEntry('changes', { revision: 2 });
  const left = anEntry('leaves', { revision: 2, presence: 'gone' });
  await subject.store.writeEntries(subject.id, [changed, left, joins]);
  return { subject, entries: [changed, joins, left, stays] };
}

export function entryContract(open: OpenSubject): void {
  describe('readEntries', () => {
    it('answers the newest entry of each user, wherever it was written', async () => {
      const { subject, entries } = await openMixed(open);
      const keys = [anEntry('nobody'), ...entries].map(keyOf);

      const read = await subject.store.readEntries(subject.id, keys);

      expect([...read.values()].sort(byId)).toStrictEqual(entries);
      expect([...read].every(([id, { userId }]) => id === userId)).toBe(true);
    });

    it('answers only for those it is asked about', async () => {
      const { subject, entries } = await openMixed(open);
      const [asked] = entries as [SnapshotEntry];

      const read = await subject.store.readEntries(subject.id, [keyOf(asked)]);

      expect(read).toStrictEqual(new Map([[asked.userId, asked]]));
      expect(await subject.store.readEntries(subject.id, [])).toStrictEqual(new Map());
    });
  });

  describe('readEntriesByKeyHash', () => {
    it('answers everyone who shares a key hash once, and nobody else', async () => {
      const { given, store, id } = await open();
      const [one, two, three] = ['one', 'two', 'three'].map((name) => anEntry(name, { keyHash: shared }));
      const near = ['00000000000000ab', '0000000000000000'].map((keyHash) => anEntry('near', { keyHash }));
      await given.writeEntries(id, [one, two, near[0]] as SnapshotEntry[]);
      const newer = anEntry('two', { keyHash: shared, revision: 2 });
      await store.writeEntries(id, [newer, three, near[1]] as SnapshotEntry[]);

      const read = await store.readEntriesByKeyHash(id, shared);

      expect([...read].sort(byId)).toStrictEqual([one, three, newer]);
      expect(await store.readEntriesByKeyHash(id, 'ffffffffffffffff')).toStrictEqual([]);
    });

    it('tells apart users whose ids look like parts of a key', async () => {
      const { given, store, id } = await open();
      const strange = ['#', 'a#b', '0#1', ' ', '用户', '🦊', '"', '\\'].map((name) =>
        anEntry(name, { keyHash: shared }),
      );
      await given.writeEntries(id, strange.slice(4));
      await store.writeEntries(id, strange.slice(0, 4));

      const read = await store.readEntriesByKeyHash(id, shared);

      expect([...read].sort(byId)).toStrictEqual([...strange].sort(byId));
    });
  });

  describe('readAllEntries', () => {
    it('yields each user once, with the newest entry, tombstones included', async () => {
      const { subject, entries } = await openMixed(open);

      expect(await readSorted(subject)).toStrictEqual(entries);
    });

    it('yields everyone of a large connection of which half has changed', async () => {
      const subject = await open();
      const old = Array.from({ length: 120 }, (_, n) => anEntry(`user ${n}`));
      const half = Array.from({ length: 60 }, (_, n) => anEntry(`user ${2 * n}`, { revision: 2 }));
      await subject.given.writeEntries(subject.id, old);
      await subject.store.writeEntries(subject.id, half);

      const revisions = (await readSorted(subject)).map(({ revision }) => revision);

      expect(revisions.filter((revision) => revision === 2)).toHaveLength(60);
      expect(revisions).toHaveLength(120);
    });

    it('yields nobody of another connection', async () => {
      const { subject } = await openMixed(open);

      expect(await all(subject.store.readAllEntries(connectionId(`${subject.id}-other`)))).toStrictEqual([]);
    });
  });

  describe('writeEntries', () => {
    it.each([
      { what: 'an older revision', revision: 6, isWritten: false },
      { what: 'the same revision', revision: 7, isWritten: false },
      { what: 'a newer revision', revision: 8, isWritten: true },
    ])('goes forward only: $what', async ({ revision, isWritten }) => {
      const subject = await open();
      const present = anEntry('u', { revision: 7 });
      await subject.given.writeEntries(subject.id, [present]);

      await subject.store.writeEntries(subject.id, [other('u', revision), anEntry('v')]);

      expect(await readSorted(subject)).toStrictEqual([isWritten ? other('u', revision) : present, anEntry('v')]);
    });

    it('goes forward only from what it wrote itself', async () => {
      const subject = await open();
      await subject.given.writeEntries(subject.id, [anEntry('u', { revision: 1 })]);
      await subject.store.writeEntries(subject.id, [anEntry('u', { revision: 5 })]);

      await subject.store.writeEntries(subject.id, [other('u', 4)]);
      await subject.store.writeEntries(subject.id, [other('u', 5)]);

      expect(await readSorted(subject)).toStrictEqual([anEntry('u', { revision: 5 })]);
    });

    it('keeps the newest of several revisions written at once', async () => {
      const subject = await open();
      await subject.given.writeEntries(subject.id, [anEntry('u', { revision: 2 })]);
      const revisions = [4, 9, 1, 7];

      await Promise.all(
        revisions.map((revision) => subject.store.writeEntries(subject.id, [anEntry('u', { revision })])),
      );
      await subject.store.writeEntries(
        subject.id,
        [3, 11, 10].map((revision) => anEntry('u', { revision })),
      );

      expect(await readSorted(subject)).toStrictEqual([anEntry('u', { revision: 11 })]);
    });
  });

  describe('rewriteEntry', () => {
    it('replaces an entry of the same revision, wherever it was written', async () => {
      const subject = await open();
      await subject.given.writeEntries(subject.id, [anEntry('a', { revision: 3 })]);
      await subject.store.writeEntries(subject.id, [anEntry('b', { revision: 4 })]);

      await subject.store.rewriteEntry(subject.id, other('a', 3));
      await subject.store.rewriteEntry(subject.id, other('b', 4));

      expect(await readSorted(subject)).toStrictEqual([other('a', 3), other('b', 4)]);
    });

    it.each([6, 8])('refuses revision %i of an entry at revision 7, and changes nothing', async (revision) => {
      const subject = await open();
      const present = anEntry('u', { revision: 7 });
      await subject.given.writeEntries(subject.id, [present]);

      const rewriting = subject.store.rewriteEntry(subject.id, other('u', revision));

      await expect(rewriting).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await readSorted(subject)).toStrictEqual([present]);
    });

    it('refuses an entry of somebody who has none', async () => {
      const subject = await open();

      const rewriting = subject.store.rewriteEntry(subject.id, anEntry('u'));

      await expect(rewriting).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await readSorted(subject)).toStrictEqual([]);
    });
  });
}
