import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { SweepPorts, SweepStore } from '../../../src/sweep/ports.ts';
import { rollForward } from '../../../src/sweep/take-lease.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { listOf, scriptedVendor } from '../../support/scripted-vendor.ts';
import { aBatch, all, anEventBatch, arrival, askAt } from '../store/sample-log.ts';

const id = connectionId('c');
const nowMs = 5_000;
const list = listOf(scriptedVendor([]), id, () => nowMs);

/** A connection under a lease, whose log goes on for so many batches with an arrival each, and what states are saved. */
async function openLog(batches: number, change: Partial<SweepStore> = {}) {
  const memory = createMemoryStore();
  const answer = await memory.acquireLease(id, askAt(0));
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  for (let position = 1; position <= batches; position += 1)
    await memory.appendBatch(aBatch(id, position, { transitions: [arrival(`u${position}`)] }));
  const saved: number[] = [];
  const store: SweepStore = {
    ...memory,
    async saveState(lease, state) {
      saved.push(state.position);
      await memory.saveState(lease, state);
    },
    ...change,
  };
  const ports = { store, nowMs: () => nowMs } as SweepPorts;
  return { store, saved, ports, held: { lease: answer.lease, state: answer.state } };
}

describe(rollForward, () => {
  it('answers the state as it is where everything committed is applied, and writes nothing', async () => {
    const { ports, saved, held } = await openLog(0);

    expect(await rollForward(ports, list, held, false)).toBe(held.state);
    expect(saved).toStrictEqual([]);
  });

  it('applies what is committed, a hundred batches at a time, and saves how far it has come', async () => {
    const { store, ports, saved, held } = await openLog(250);

    const state = await rollForward(ports, list, held, false);

    expect(saved).toStrictEqual([100, 200, 250]);
    expect([state.position, state.counts.live, await store.readState(id)]).toStrictEqual([250, 250, state]);
    expect(await all(store.readAllEntries(id))).toHaveLength(250);
    expect(await all(store.readLog(id, 250))).toStrictEqual([]);
  });

  it('saves once where the log ends with a group of a hundred', async () => {
    const { ports, saved, held } = await openLog(100);

    await rollForward(ports, list, held, false);

    expect(saved).toStrictEqual([100]);
  });

  it('begins a lease that was taken over with an empty batch, behind everything that is committed', async () => {
    const { store, ports, held } = await openLog(1);
    await store.appendBatch(anEventBatch(id, 2));

    const state = await rollForward(ports, list, held, true);

    expect(await all(store.readLog(id, 2))).toStrictEqual([
      {
        connectionId: id,
        tenantId: 'tenant',
        vendor: 'scripted',
        mappingVersion: 1,
        epoch: 1,
        committedAt: instant(nowMs),
        leaseToken: 1,
        position: 3,
        transitions: [],
        connectionChanges: [],
        lastSequence: 2,
        previousEventPosition: 2,
      },
    ]);
    expect([state.position, state.sequence, state.lastEvent.position]).toStrictEqual([3, 2, 2]);
    expect(await store.readState(id)).toStrictEqual(state);
  });

  it('stops where another worker has committed in the place of that batch', async () => {
    const { ports, held } = await openLog(0, { appendBatch: async () => 'taken' });

    await expect(rollForward(ports, list, held, true)).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });
});
