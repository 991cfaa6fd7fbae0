import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import type { UserCounts } from '../../../src/sweep/connection-state.ts';
import { loadIndex } from '../../../src/sweep/load-index.ts';
import { rebuildSnapshot } from '../../../src/sweep/rebuild-snapshot.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { aBatch, all, anEntry, arrival, askAt, departure, update } from '../store/sample-log.ts';

const id = connectionId('c');
const nowMs = 7_000;

type Given = {
  readonly log: readonly LogBatch[];
  readonly counts: UserCounts;
  /** What is left of the entries. */
  readonly entries?: readonly SnapshotEntry[];
};

/** Rebuilds a connection whose state counts users that its entries may not know. */
async function rebuild({ log, counts, entries = [] }: Given) {
  const memory = createMemoryStore();
  const answer = await memory.acquireLease(id, askAt(0));
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  const { lease } = answer;
  await memory.writeEntries(id, entries);
  for (const batch of log) await memory.appendBatch(batch);
  const writes: number[] = [];
  const store: typeof memory = {
    ...memory,
    async writeEntries(of, written) {
      writes.push(written.length);
      await memory.writeEntries(of, written);
    },
  };
  const held = { lease, state: { ...answer.state, counts, position: log.length } };
  const state = await rebuildSnapshot({ store, nowMs: () => nowMs }, held);
  const { index } = await loadIndex(store, { lease, state });
  const known = (await all(store.readAllEntries(id))).map(({ userId, revision }) => `${userId} ${revision}`);
  return { state, index, writes, known: known.sort(), saved: await store.readState(id) };
}

const log = [
  aBatch(id, 1, { transitions: [arrival('a'), arrival('b'), arrival('c')] }),
  aBatch(id, 2, { transitions: [update('a', 2), departure('c', 2)] }),
];
const counts = { pairs: 2, live: 2, tombstones: 1 };

describe(rebuildSnapshot, () => {
  it('makes entries and index as the log leaves them, and misses nobody', async () => {
    const { state, index, known, saved } = await rebuild({ log, counts });

    expect([known, index.pairCount, state.counts]).toStrictEqual([['a 2', 'b 1', 'c 2'], 2, counts]);
    expect(state).not.toHaveProperty('loss');
    expect(saved).toStrictEqual(state);
  });

  it('leaves an entry alone that the log does not know, or knows no better', async () => {
    const entries = [anEntry('old'), anEntry('b', { revision: 5 })];

    const { known, state } = await rebuild({ log, counts: { ...counts, pairs: 3, live: 3 }, entries });

    expect(known).toStrictEqual(['a 2', 'b 5', 'c 2', 'old 1']);
    expect(state).not.toHaveProperty('loss');
  });

  it.each<[string, Partial<UserCounts>]>([
    ['somebody listed', { pairs: 3 }],
    ['somebody live', { live: 3 }],
    ['somebody who is gone', { tombstones: 2 }],
  ])('says since when %s is lost of whom neither log nor entries know', async (_, more) => {
    const { state } = await rebuild({ log, counts: { ...counts, ...more } });

    expect(state).toMatchObject({ counts, loss: { at: instant(nowMs), position: 2 } });
  });

  it('reads the log a hundred batches at a time', async () => {
    const long = Array.from({ length: 201 }, (_, n) => aBatch(id, n + 1, { transitions: [arrival(`u${n}`)] }));

    const { writes, known } = await rebuild({ log: long, counts: { pairs: 201, live: 201, tombstones: 0 } });

    expect([writes, known.length]).toStrictEqual([[100, 100, 1], 201]);
  });
});
