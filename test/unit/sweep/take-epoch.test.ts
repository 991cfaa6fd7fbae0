import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { SweepPorts } from '../../../src/sweep/ports.ts';
import { takeEpoch } from '../../../src/sweep/take-epoch.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { askAt } from '../store/sample-log.ts';

const id = connectionId('c');
const known = { sweepId: sweepId('s'), count: 3, blob: 'absent' };
const holds = [aKnownHold({ holdId: 'one' }).hold];
const checkpoint = {
  phase: 'walk',
  staged: { parts: [{ prefix: 'staged', rows: [1] }] },
  compared: 'compared',
} as unknown as NonNullable<ConnectionState['checkpoint']>;

/** A connection of epoch 1 under a lease, with every kind of blob that a state names. */
async function openOld(readEpoch: SweepPorts['readEpoch']) {
  const store = createMemoryStore();
  const answer = await store.acquireLease(id, askAt(0));
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  const state = { ...answer.state, epoch: 1, absent: known, holds, checkpoint };
  await store.saveState(answer.lease, state);
  for (const name of ['absent', 'hold/one', 'staged-0', 'compared']) await store.writeBlob(id, name, Uint8Array.of(1));
  const ports = { store, readEpoch } as unknown as SweepPorts;
  const taking = takeEpoch(ports, { lease: answer.lease, state });
  return { store, state, taking };
}

describe(takeEpoch, () => {
  it('leaves a connection alone that is of the epoch of the feed', async () => {
    const { store, state, taking } = await openOld(async (epoch) => epoch);

    expect(await taking).toBe(state);
    expect(store.blobs.size).toBe(4);
  });

  it('counts anew who is absent and begins sweeps anew in another one, and forgets what they have left, but no hold', async () => {
    const { store, state, taking } = await openOld(async (epoch) => epoch + 1);
    const { checkpoint: _, ...rest } = state;

    expect(await taking).toStrictEqual({ ...rest, epoch: 2, absent: { sweepId: '', count: 0 } });
    expect(await store.readState(id)).toStrictEqual(await taking);
    expect([...store.blobs.keys()]).toStrictEqual(['hold/one']);
  });

  it('gives the lease back, and counts no attempt, where the epoch cannot be told', async () => {
    const fault = new FeedError('store.restored', 'the table was restored', { epoch: 7 });
    const { store, state, taking } = await openOld(() => Promise.reject(fault));

    await expect(taking).rejects.toBe(fault);
    expect(await store.readState(id)).toStrictEqual({ ...state, attempts: state.attempts - 1 });
    expect(await store.acquireLease(id, askAt(0))).toMatchObject({ kind: 'taken', tookOver: false });
  });
});
