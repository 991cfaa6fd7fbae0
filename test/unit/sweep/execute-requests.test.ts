import { describe, expect, it } from 'vitest';
import { sweepId, userId } from '../../../src/model/ids.ts';
import type { RequestedAct } from '../../../src/model/operator-request.ts';
import type { Checkpoint } from '../../../src/sweep/checkpoint.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { executeRequests } from '../../../src/sweep/execute-requests.ts';
import type { SweepStore } from '../../../src/sweep/ports.ts';
import { aBatch, anEntry, aTransition, at, aUser, keyHashOf } from '../../support/builders.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { all, aState } from '../store/sample-log.ts';
import { acme, aSweep } from './a-sweep.ts';

const writes = ['appendBatch', 'saveState', 'deleteConnection', 'deleteRequest', 'writeHold', 'deleteBlobs'] as const;

/** Leaves requests and has them done, over a state of the connection and what stands in the store already. */
async function execute(
  acts: readonly RequestedAct[],
  state: Partial<ConnectionState> = {},
  prepare: (store: SweepStore) => Promise<unknown> = async () => undefined,
) {
  const memory = createMemoryStore();
  const calls: string[] = [];
  const store = new Proxy(memory, {
    get(target, name: keyof SweepStore) {
      const call = target[name] as (...args: unknown[]) => unknown;
      if (!writes.some((write) => write === name)) return call;
      return (...args: unknown[]) => {
        calls.push(name);
        return call(...args);
      };
    },
  });
  for (const [n, act] of acts.entries())
    await memory.writeRequest({ connectionId: acme, requestId: `request-${n}`, at: at(10 + n), by: 'ada', ...act });
  await prepare(memory);
  const { ports, list, held } = await aSweep({ store, state });
  const end = await executeRequests(ports, list, held);
  const left = await memory.readRequests(acme);
  return { calls, store: memory, end, left: left.map(({ act }) => act), saved: await memory.readState(acme), held };
}

const walk: Checkpoint = {
  phase: 'walk',
  basis: {} as Checkpoint['basis'],
  tick: 2,
  staged: { parts: [{ prefix: 'staged', rows: [1, 1] }] },
  progress: { walks: 1, evidence: {} as never },
  compared: 'compared',
};
const commit: Checkpoint = {
  phase: 'commit',
  basis: walk.basis,
  tick: 2,
  staged: walk.staged,
  plan: { conclusion: { absent: { sweepId: sweepId('x'), count: 0 }, holds: [] } } as never,
  committedUpTo: 0,
};
const bytes = new Uint8Array(1);
const writeAll = (names: readonly string[]) => async (store: SweepStore) => {
  for (const name of names) await store.writeBlob(acme, name, bytes);
};
const walked = ['staged-0', 'staged-1', 'compared'];
const { hold } = aKnownHold();

describe(executeRequests, () => {
  it('leaves everything as it is where nothing is asked', async () => {
    const { calls, end, held } = await execute([]);

    expect(end).toBe(held.state);
    expect(calls).toStrictEqual([]);
  });

  it('saves what came of a request before it forgets it, the oldest first', async () => {
    const decision = { act: 'decide_hold', holdId: hold.holdId } as const;

    const { calls, end, left, saved } = await execute(
      [
        { ...decision, verdict: 'rejected' },
        { ...decision, verdict: 'approved', why: 'too late' },
      ],
      { holds: [hold] },
    );

    expect(calls).toStrictEqual(['saveState', 'deleteRequest', 'saveState', 'deleteRequest']);
    expect(end.holds).toStrictEqual([{ ...hold, decision: { verdict: 'rejected', by: 'ada', at: at(10) } }]);
    expect(saved).toStrictEqual(end);
    expect(left).toStrictEqual([]);
  });

  it('decides on the hold that is meant, with the reason', async () => {
    const other = { ...hold, holdId: 'hold-2' as never };

    const { end } = await execute([{ act: 'decide_hold', holdId: hold.holdId, verdict: 'approved', why: 'planned' }], {
      holds: [other, hold],
    });

    const decision = { verdict: 'approved', by: 'ada', at: at(10), why: 'planned' };
    expect(end.holds).toStrictEqual([other, { ...hold, decision }]);
  });

  it.each([{ act: 'purge_user', userId: userId('1') } as const, { act: 'rebuild_snapshot' } as const])(
    'gives up the walk that is under way for $act, and what it had kept',
    async (act) => {
      const { end, store, left } = await execute([act], { checkpoint: walk }, writeAll([...walked, 'absent']));

      expect(end.checkpoint).toBeUndefined();
      expect([...store.blobs.keys()].filter((name) => walked.includes(name))).toStrictEqual([]);
      expect(left).toStrictEqual([]);
    },
  );

  it.each([{ act: 'purge_user', userId: userId('1') } as const, { act: 'rebuild_snapshot' } as const])(
    'keeps a commit that is decided for $act',
    async (act) => {
      const { end, store } = await execute([act], { checkpoint: commit }, writeAll(['staged-0', 'staged-1']));

      expect(end.checkpoint).toStrictEqual(commit);
      expect([...store.blobs.keys()]).toStrictEqual(['staged-0', 'staged-1']);
    },
  );

  it('has no checkpoint afterwards where there was none', async () => {
    const { end } = await execute([{ act: 'purge_user', userId: userId('1') }]);

    expect(end).not.toHaveProperty('checkpoint');
  });

  it('clears away with a purge what ticks that died have left, and nothing that is named or newer', async () => {
    const names = ['000000000000/left', '000000000000/absent', '000000000001/1763/own'];

    const { store } = await execute(
      [{ act: 'purge_user', userId: userId('1') }],
      { absent: { sweepId: sweepId('x'), count: 1, blob: '000000000000/absent' } },
      writeAll(names),
    );

    expect([...store.blobs.keys()]).toStrictEqual(names.slice(1));
  });

  it('erases whom a purge names', async () => {
    const digestKey = 'a key for tests only';
    const entry = anEntry({ user: aUser({ id: '1', displayName: 'Ada' }) });

    const { store } = await execute([{ act: 'purge_user', userId: userId('1') }], { digestKey }, (memory) =>
      memory.writeEntries(acme, [entry]),
    );

    const [erased] = await store.readEntriesByKeyHash(acme, keyHashOf('1'));
    expect(erased?.user).toStrictEqual({ id: '1', status: 'active', rawStatus: 'enabled' });
  });

  it('makes entries and index again', async () => {
    const transition = { ...aTransition(), counts: { pairs: 1, live: 1, tombstones: 0 } };

    const { end, store } = await execute([{ act: 'rebuild_snapshot' }], { position: 1 }, (memory) =>
      memory.appendBatch(aBatch({ connectionId: acme, transitions: [transition] })),
    );

    expect(end.counts).toStrictEqual({ pairs: 1, live: 1, tombstones: 0 });
    expect(await all(store.readAllEntries(acme))).toHaveLength(1);
  });
});

describe('the removal of a connection', () => {
  const remove = { act: 'remove_connection' } as const;
  const state = { position: 4, sequence: 9, lastEvent: { position: 3 }, holds: [hold], checkpoint: walk };

  it('is one event, and the end of its sweep, its holds, and then its settings', async () => {
    const { calls, end, store, left } = await execute(
      [remove],
      state,
      writeAll(['000000000000/left', '000000000001/1763/x']),
    );

    const removedAt = at(61);
    expect(await all(store.readLog(acme, 4))).toStrictEqual([
      {
        connectionId: 'acme',
        tenantId: 'tenant',
        vendor: 'scripted',
        mappingVersion: 1,
        epoch: 1,
        committedAt: removedAt,
        leaseToken: 1,
        position: 5,
        transitions: [],
        connectionChanges: [{ type: 'removed', sequence: 10, requestId: 'request-0' }],
        lastSequence: 10,
        previousEventPosition: 3,
      },
    ]);
    expect(end).toStrictEqual(
      aState({
        position: 5,
        sequence: 10,
        lastEvent: { position: 5, at: removedAt },
        holds: [],
        removedAt,
        removedBy: 'request-0',
      }),
    );
    expect(calls).toStrictEqual([
      'writeHold',
      'appendBatch',
      'saveState',
      'saveState',
      'deleteConnection',
      'deleteRequest',
    ]);
    expect([...store.blobs.keys()]).toStrictEqual(['000000000001/1763/x']);
    expect(left).toStrictEqual([]);
    expect(await all(store.listHolds(acme))).toStrictEqual([
      {
        connectionId: 'acme',
        hold,
        preview: [],
        end: { ending: 'dissolved', at: removedAt, settled: 0, dissolved: 1 },
      },
    ]);
  });

  it('leaves what else is asked for the day when it is back', async () => {
    const decide = { act: 'decide_hold', holdId: hold.holdId, verdict: 'approved' } as const;

    const { left, end } = await execute([remove, decide, remove], state);

    expect(left).toStrictEqual(['decide_hold']);
    expect(end.position).toBe(5);
  });

  it('is done once by each request', async () => {
    const { calls, end, held } = await execute([remove], { removedBy: 'request-0' });

    expect(end).toStrictEqual(held.state);
    expect(calls).toStrictEqual(['saveState', 'deleteRequest']);
    expect((await execute([remove], { removedBy: 'another' })).end.position).toBe(1);
  });

  it('is finished where a tick has died in the middle of it', async () => {
    const { calls } = await execute([remove], { removedAt: at(1), removedBy: 'request-0' });

    expect(calls).toStrictEqual(['saveState', 'deleteConnection', 'deleteRequest']);
  });

  it('ends where another worker has written the next batch', async () => {
    const taken = (memory: SweepStore) => memory.appendBatch(aBatch({ connectionId: acme, leaseToken: 7 }));

    await expect(execute([remove], {}, taken)).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });
});
