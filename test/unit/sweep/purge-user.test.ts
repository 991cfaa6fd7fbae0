import { describe, expect, it } from 'vitest';
import { createDigester, toHex } from '../../../src/diff/digest.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import { connectionId, userId } from '../../../src/model/ids.ts';
import type { Transition, UserChange } from '../../../src/model/log-batch.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { purgeUser } from '../../../src/sweep/purge-user.ts';
import { createMemoryStore, testDigestKey } from '../../support/memory-store.ts';
import { aRecord } from '../store/sample-hold.ts';
import { aBatch, all, anEntry, arrival, aState, noon, withEvent } from '../store/sample-log.ts';

const id = connectionId('c');
const state = aState({ digestKey: testDigestKey });
const keyHash = toHex(createDigester(testDigestKey).keyHash('gone'));

/** An entry under the key hash of the person who is to be forgotten. */
const entryOf = (name: string, user: Partial<CanonicalUser> = {}) =>
  anEntry(name, {
    keyHash,
    user: { id: userId(name), displayName: `User ${name}`, title: 'Head', status: 'active', ...user },
  });

const erased = (entry: SnapshotEntry, user: Partial<CanonicalUser> = {}): SnapshotEntry => ({
  ...entry,
  user: { id: entry.userId, status: 'active', ...user },
  projectionVersion: 'erased',
});

async function purge(store: ReturnType<typeof createMemoryStore>) {
  await purgeUser(store, { connectionId: id, state, userId: userId('gone') });
}

describe('the entry of somebody who is purged', () => {
  it('keeps id and status, and the word of the vendor for it', async () => {
    const store = createMemoryStore();
    const entry = entryOf('gone', { rawStatus: 'enabled' });
    await store.writeEntries(id, [entry]);

    await purge(store);

    expect(await all(store.readAllEntries(id))).toStrictEqual([erased(entry, { rawStatus: 'enabled' })]);
  });

  it('is the only one that is erased of those with one key hash, and has no word where there was none', async () => {
    const store = createMemoryStore();
    const [gone, other] = [entryOf('gone'), entryOf('other')];
    await store.writeEntries(id, [gone, other]);

    await purge(store);

    expect(await all(store.readAllEntries(id))).toStrictEqual([erased(gone), other]);
  });
});

describe('the log of somebody who is purged', () => {
  const changes: readonly Partial<UserChange>[] = [
    { type: 'created', reason: { code: 'appeared' } },
    { diff: { changedFields: ['title'], before: { title: 'Miss' } } },
    {
      type: 'status_changed',
      diff: {
        changedFields: ['status', 'title'],
        before: { title: 'Miss' },
        status: { from: 'suspended', to: 'active', rawFrom: 'on leave of Ada', rawTo: 'back' },
      },
    },
  ];
  const told = changes.map((change, n) => withEvent(arrival('gone'), n + 1, change)) as [
    Transition,
    Transition,
    Transition,
  ];
  const silent = arrival('gone');
  const other = withEvent(arrival('other'), 4, { diff: { changedFields: ['title'], before: { title: 'Miss' } } });

  it('keeps what happened and in which order, without a value of his', async () => {
    const store = createMemoryStore();
    await store.appendBatch(aBatch(id, 1, { transitions: [...told, other, silent] }));
    await store.appendBatch(aBatch(id, 2, { transitions: [other] }));

    await purge(store);

    const [batch, untouched] = await all(store.readLog(id, 0));
    const forgotten = { entry: erased(silent.entry), pair: silent.pair, counts: silent.counts };
    const common = { origin: 'live', window: { notAfter: noon } };
    expect(batch?.transitions).toStrictEqual([
      { ...forgotten, change: { ...common, sequence: 1, type: 'created', reason: { code: 'appeared' } } },
      {
        ...forgotten,
        change: {
          ...common,
          sequence: 2,
          type: 'updated',
          reason: { code: 'fields_changed' },
          diff: { changedFields: ['title'], before: {} },
        },
      },
      {
        ...forgotten,
        change: {
          ...common,
          sequence: 3,
          type: 'status_changed',
          reason: { code: 'fields_changed' },
          diff: { changedFields: ['status', 'title'], before: {}, status: { from: 'suspended', to: 'active' } },
        },
      },
      other,
      forgotten,
    ]);
    expect(untouched).toStrictEqual(aBatch(id, 2, { transitions: [other] }));
  });

  it('is rewritten where he is, and nowhere else', async () => {
    const memory = createMemoryStore();
    for (const [at, name] of ['other', 'gone', 'other'].entries())
      await memory.appendBatch(aBatch(id, at + 1, { transitions: [arrival('third'), arrival(name)] }));
    const rewritten: number[] = [];
    const rewriteBatch: typeof memory.rewriteBatch = async (batch) => void rewritten.push(batch.position);

    await purge({ ...memory, rewriteBatch });

    expect(rewritten).toStrictEqual([2]);
  });
});

describe('the holds of somebody who is purged', () => {
  it('show him no more, and are written only where they did', async () => {
    const memory = createMemoryStore();
    const [his, others] = [[arrival('other'), arrival('gone')], [arrival('other')]];
    await memory.writeHold(aRecord(id, 'hold-1', { preview: his }));
    await memory.writeHold(aRecord(id, 'hold-2', { preview: others }));
    const written: string[] = [];
    const writeHold: typeof memory.writeHold = async (record) => {
      written.push(record.hold.holdId);
      await memory.writeHold(record);
    };

    await purge({ ...memory, writeHold });

    expect(written).toStrictEqual(['hold-1']);
    expect((await all(memory.listHolds(id))).map(({ preview }) => preview)).toStrictEqual([others, others]);
  });
});
