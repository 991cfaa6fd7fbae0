import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedKeyDigest } from '../../../src/diff/digest.ts';
import { type ConnectionId, sweepId, userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import { applyBatches } from '../../../src/sweep/apply-log.ts';
import type { IndexLayout } from '../../../src/sweep/connection-state.ts';
import { startTestTable, type Tap, type TestStore, type TestTable, type WireCall } from '../../support/test-table.ts';
import { openIndexed } from '../store/index-pairs.ts';
import { aBatch, all, anEntry, arrival, aState, departure, noon, update, withEvent } from '../store/sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const layout: IndexLayout = { id: 'two', bits: 1 };
const begin = aState({ layout });
const later = instant(Date.parse(noon) + 60_000);

/** Arrivals, a change, a departure, a fence, then a change and a return with what the sweep concluded. */
function story(id: ConnectionId): readonly LogBatch[] {
  const returning = { ...arrival('b', { revision: 3 }), counts: { pairs: 1, live: 1, tombstones: -1 } };
  return [
    aBatch(id, 1, { transitions: [arrival('a'), arrival('b'), arrival('c')] }),
    aBatch(id, 2, { transitions: [withEvent(update('a', 2), 1)], lastSequence: 1 }),
    aBatch(id, 3, { transitions: [withEvent(departure('b', 2), 2)], lastSequence: 2, committedAt: later }),
    aBatch(id, 4, { lastSequence: 2 }),
    aBatch(id, 5, {
      transitions: [withEvent(update('a', 3), 3), withEvent(returning, 4)],
      lastSequence: 4,
      committedAt: later,
      conclusion: {
        lastComplete: { sweepId: sweepId('sweep-5'), startedAt: noon, directory: 'directory', scope: '{}' },
        directorySince: noon,
        absent: { sweepId: sweepId('sweep-5'), count: 3, blob: 'absent' },
        holds: [],
      },
    }),
  ];
}

const afterStory = aState({
  layout,
  position: 5,
  sequence: 4,
  lastEvent: { position: 5, at: later },
  counts: { pairs: 3, live: 3, tombstones: 0 },
  lastComplete: { sweepId: sweepId('sweep-5'), startedAt: noon, directory: 'directory', scope: '{}' },
  directorySince: noon,
  absent: { sweepId: sweepId('sweep-5'), count: 3, blob: 'absent' },
  recent: [{ hour: noon, lastAt: later, created: 0, updated: 4, status_changed: 0, deleted: 0 }],
});

/** Entries by user and pairs by key hash, as stored. */
async function readSnapshot({ store, id }: TestStore) {
  const entries = (await all(store.readAllEntries(id))).sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const shards = await store.loadShards(id, layout);
  const pairs = shards.flatMap((shard) => Buffer.from(shard).toString('hex').match(/.{32}/g) ?? []);
  return { entries, pairs: pairs.sort() };
}

const snapshotAfterStory = {
  entries: [anEntry('a', { revision: 3 }), anEntry('b', { revision: 3 }), anEntry('c')],
  pairs: [anEntry('a', { revision: 3 }), anEntry('b', { revision: 3 }), anEntry('c')]
    .map(({ keyHash, digest }) => keyHash + digest)
    .sort(),
};

/** What a written item is: an entry, a shard, or something else. */
function kindOf({ input }: WireCall): string {
  const key = (input.Item ?? input.Key) as Record<string, { S?: string }> | undefined;
  return key?.pk?.S?.match(/#(entries|index)#/)?.[1] ?? 'other';
}

describe(applyBatches, () => {
  it('writes entries and index as the batches say, and answers the state that follows', async () => {
    const worker = await openIndexed(table, {}, [layout]);

    const state = await applyBatches(worker.store, worker.id, begin, story(worker.id));

    expect(state).toStrictEqual(afterStory);
    expect(await readSnapshot(worker)).toStrictEqual(snapshotAfterStory);
  });

  it('writes every entry before it touches the index, and saves no state', async () => {
    const { store, id, wire } = await openIndexed(table, {}, [layout]);

    await applyBatches(store, id, begin, story(id));

    const kinds = wire.calls.map(kindOf);
    expect(kinds.slice(0, 3)).toStrictEqual(['entries', 'entries', 'entries']);
    expect(new Set(kinds.slice(3))).toStrictEqual(new Set(['index']));
  });

  it('leaves the index alone where an entry could not be written', async () => {
    const { store, id, wire } = await openIndexed(table, {}, [layout]);
    let written = 0;
    wire.tap(async (call, carryOut) => {
      if (kindOf(call) === 'entries') written += 1;
      if (written === 2) throw new Error('planted');
      return carryOut();
    });

    const applying = applyBatches(store, id, begin, story(id));

    await expect(applying).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(wire.calls.map(kindOf)).not.toContain('index');
  });

  it('writes the entry of a user once, as the last batch of a group leaves him', async () => {
    const { store, id, wire } = await openIndexed(table, {}, [layout]);
    const batches = [1, 2, 3, 4].map((n) => aBatch(id, n, { transitions: [n === 1 ? arrival('a') : update('a', n)] }));

    await applyBatches(store, id, begin, batches);

    const writes = wire.calls.filter((call) => call.operation === 'PutItem').map(kindOf);
    expect(writes).toStrictEqual(['entries', 'index']);
    expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('a', { revision: 4 })]);
  });

  it('leaves the tombstone of a user who came and went within a group, without who he was, and no pair', async () => {
    const worker = await openIndexed(table, {}, [layout]);
    const batches = [
      aBatch(worker.id, 1, { transitions: [arrival('a')] }),
      aBatch(worker.id, 2, { transitions: [departure('a', 2)] }),
    ];

    const state = await applyBatches(worker.store, worker.id, begin, batches);

    expect(state.counts).toStrictEqual({ pairs: 0, live: 0, tombstones: 1 });
    expect(await readSnapshot(worker)).toStrictEqual({
      entries: [anEntry('a', { revision: 2, presence: 'gone', user: { id: userId('a'), status: 'active' } })],
      pairs: [],
    });
  });

  it('marks the pair of two users who share a key hash', async () => {
    const worker = await openIndexed(table, {}, [layout]);
    const keyHash = '8000000000000000';
    const second = {
      ...arrival('b', { keyHash }),
      pair: 'shared' as const,
      counts: { pairs: 0, live: 1, tombstones: 0 },
    };

    const state = await applyBatches(worker.store, worker.id, begin, [
      aBatch(worker.id, 1, { transitions: [arrival('a', { keyHash }), second] }),
    ]);

    expect(state.counts).toStrictEqual({ pairs: 1, live: 2, tombstones: 0 });
    expect((await readSnapshot(worker)).pairs).toStrictEqual([keyHash + sharedKeyDigest]);
  });

  it('moves over a fence without a write', async () => {
    const { store, id, wire } = await openIndexed(table, {}, [layout]);

    const state = await applyBatches(store, id, aState({ layout, position: 8, sequence: 3 }), [
      aBatch(id, 9, { lastSequence: 3 }),
    ]);

    expect(state).toStrictEqual(aState({ layout, position: 9, sequence: 3 }));
    expect(wire.calls).toStrictEqual([]);
  });

  it('remembers the last batch with events, whatever silent ones follow it', async () => {
    const { store, id } = await openIndexed(table, {}, [layout]);
    const batches = [
      aBatch(id, 1, { transitions: [arrival('a')] }),
      aBatch(id, 2, {
        connectionChanges: [{ sequence: 1, type: 'sweep_completed' }],
        lastSequence: 1,
        committedAt: later,
      }),
      aBatch(id, 3, { transitions: [update('a', 2)], lastSequence: 1 }),
    ];

    const state = await applyBatches(store, id, begin, batches);

    expect(state.lastEvent).toStrictEqual({ position: 2, at: later });
  });

  it('keeps a conclusion over the batches after it', async () => {
    const { store, id } = await openIndexed(table, {}, [layout]);
    const after = aBatch(id, 6, { transitions: [update('c', 2)], lastSequence: 4 });

    const state = await applyBatches(store, id, begin, [...story(id), after]);

    expect(state.lastComplete).toStrictEqual(afterStory.lastComplete);
    expect(state.absent).toStrictEqual(afterStory.absent);
  });

  it('comes to the same batch by batch as in one group', async () => {
    const worker = await openIndexed(table, {}, [layout]);
    let state = begin;

    for (const batch of story(worker.id)) state = await applyBatches(worker.store, worker.id, state, [batch]);

    expect(state).toStrictEqual(afterStory);
    expect(await readSnapshot(worker)).toStrictEqual(snapshotAfterStory);
  });

  it.each([1, 2, 3, 4, 5])(
    'is not harmed when the first %i batches are applied again, before the rest or after',
    async (count) => {
      const worker = await openIndexed(table, {}, [layout]);
      const { store, id } = worker;
      const prefix = story(id).slice(0, count);

      await applyBatches(store, id, begin, prefix);
      await applyBatches(store, id, begin, prefix);
      const state = await applyBatches(store, id, begin, story(id));
      const snapshot = await readSnapshot(worker);
      await applyBatches(store, id, begin, prefix);

      expect(state).toStrictEqual(afterStory);
      expect(snapshot).toStrictEqual(snapshotAfterStory);
      expect(await readSnapshot(worker)).toStrictEqual(snapshotAfterStory);
    },
  );

  it.each(['before', 'after'] as const)(
    'is made up for by the next worker wherever the first dies, %s a call',
    async (when) => {
      for (let call = 1; ; call += 1) {
        const dying = await openIndexed(table, {}, [layout]);
        dying.wire.tap(dieAt(call, when));
        const died = await applyBatches(dying.store, dying.id, begin, story(dying.id)).then(
          () => false,
          () => true,
        );
        if (!died) break;
        const next = table.open({ id: dying.id });

        const state = await applyBatches(next.store, dying.id, begin, story(dying.id));

        expect(state).toStrictEqual(afterStory);
        expect(await readSnapshot(next)).toStrictEqual(snapshotAfterStory);
      }
    },
  );

  it.each([
    { what: 'begin too late', position: 1, positions: [3, 4] },
    { what: 'begin too early', position: 4, positions: [4, 5] },
    { what: 'leave one out', position: 0, positions: [1, 2, 4] },
    { what: 'come in the wrong order', position: 0, positions: [2, 1] },
    { what: 'repeat one', position: 0, positions: [1, 1] },
  ])('refuses batches that $what, before it writes anything', async ({ position, positions }) => {
    const { store, id, wire } = await openIndexed(table, {}, [layout]);
    const batches = positions.map((at) => aBatch(id, at, { transitions: [arrival('a')] }));

    const applying = applyBatches(store, id, aState({ position }), batches);

    await expect(applying).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'log_contiguous' },
    });
    expect(wire.calls).toStrictEqual([]);
  });

  it('answers the state itself for no batches', async () => {
    const { store, id, wire } = await openIndexed(table, {}, [layout]);

    const state = await applyBatches(store, id, begin, []);

    expect(state).toBe(begin);
    expect(wire.calls).toStrictEqual([]);
  });
});

/** From one call on nothing goes out any more; `after`: that call was carried out, but the answer is lost. */
function dieAt(deadly: number, when: 'before' | 'after'): Tap {
  let calls = 0;
  return async (_, carryOut) => {
    calls += 1;
    if (calls < deadly) return carryOut();
    if (calls === deadly && when === 'after') await carryOut();
    throw new Error('the process has died');
  };
}
