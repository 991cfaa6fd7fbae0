import { describe, expect, it } from 'vitest';
import { holdId, sweepId } from '../../../src/model/ids.ts';
import type { Instant } from '../../../src/model/instant.ts';
import type { LogBatch, SweepConclusion } from '../../../src/model/log-batch.ts';
import { applyBatches, concludedState } from '../../../src/sweep/apply-log.ts';
import type { Checkpoint } from '../../../src/sweep/checkpoint.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { SweepStore } from '../../../src/sweep/ports.ts';
import { aBatch, aChange, aStamp, aTransition, at } from '../../support/builders.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { aState } from '../store/sample-log.ts';
import { acme } from './a-sweep.ts';

/** The state after batches, and what of the snapshot was written. */
async function apply(state: ConnectionState, ...batches: readonly LogBatch[]) {
  const writes: string[] = [];
  const store = {
    writeEntries: async () => void writes.push('entries'),
    applyPairs: async () => void writes.push('pairs'),
  } as unknown as SweepStore;
  return { after: await applyBatches(store, acme, state, batches), writes };
}

const stateAfter = async (state: Partial<ConnectionState>, batch: Partial<LogBatch>) =>
  (await apply(aState(state), aBatch(batch))).after;

describe('the state after a batch', () => {
  it('is the same one where there is none, and nothing is written', async () => {
    const state = aState();

    expect(await apply(state)).toStrictEqual({ after: state, writes: [] });
  });

  it('leaves the index alone where nobody is in it', async () => {
    expect((await apply(aState(), aBatch())).writes).toStrictEqual(['entries']);
    expect((await apply(aState(), aBatch({ transitions: [aTransition()] }))).writes).toStrictEqual([
      'entries',
      'pairs',
    ]);
  });

  it('is none where the log has a gap', async () => {
    await expect(
      apply(aState({ position: 4 }), aBatch({ position: 5 }), aBatch({ position: 8 })),
    ).rejects.toMatchObject({
      code: 'internal.invariant',
      message: 'the log goes on at position 8 where 6 was expected',
      context: { invariant: 'log_contiguous' },
    });
  });

  it('has what was concluded in place of what was before', () => {
    const absent = { sweepId: sweepId('sweep-1'), count: 0 };
    const conclusion: SweepConclusion = { absent, holds: [] };
    const before = aState({ acknowledged: ['status'], holds: [aKnownHold().hold] });

    expect(concludedState(before, conclusion)).toStrictEqual(aState({ absent }));
    expect(concludedState(before, { ...conclusion, acknowledged: [] })).toStrictEqual(aState({ absent }));
    expect(concludedState(aState(), { ...conclusion, acknowledged: ['status'] })).toStrictEqual(
      aState({ absent, acknowledged: ['status'] }),
    );
  });
});

describe('the checkpoint after a batch', () => {
  const common = { basis: { sweepId: sweepId('sweep-1') } as Checkpoint['basis'], tick: 2, staged: { parts: [] } };
  const walk = { ...common, phase: 'walk', progress: {} as never, compared: 'compared' } as const;
  const commit = { ...common, phase: 'commit', plan: {} as never, committedUpTo: 3 } as const;
  const conclusion = { absent: { sweepId: sweepId(''), count: 0 }, holds: [] };

  it('is as it was where the batch is a fence, or of another sweep', async () => {
    const { sweep: _, ...fence } = aBatch();

    expect((await apply(aState({ checkpoint: walk }), fence)).after.checkpoint).toBe(walk);
    const other = aStamp({ sweepId: sweepId('sweep-0') });
    expect((await stateAfter({ checkpoint: commit }, { sweep: other, stagedUpTo: 9 })).checkpoint).toBe(commit);
  });

  it('is gone where its walk is over', async () => {
    expect(await stateAfter({ checkpoint: walk }, {})).not.toHaveProperty('checkpoint');
    expect(await stateAfter({}, {})).not.toHaveProperty('checkpoint');
  });

  it('says how far the commit has come, and that it is over with its conclusion', async () => {
    expect((await stateAfter({ checkpoint: commit }, { stagedUpTo: 7 })).checkpoint).toStrictEqual({
      ...commit,
      committedUpTo: 7,
    });
    expect((await stateAfter({ checkpoint: commit }, { stagedUpTo: 0 })).checkpoint).toMatchObject({
      committedUpTo: 0,
    });
    expect((await stateAfter({ checkpoint: commit }, { conclusion })).checkpoint).toStrictEqual({
      ...commit,
      isConcluded: true,
    });
  });
});

describe('the changes of the last day', () => {
  const none = { created: 0, updated: 0, status_changed: 0, deleted: 0 };
  const hour = (hourAt: Instant, lastAt: Instant, counts: Partial<typeof none> = {}) => ({
    hour: hourAt,
    lastAt,
    ...none,
    ...counts,
  });
  const told = (given: Parameters<typeof aChange>[0] = {}) => aTransition({ change: aChange(given) });

  it('are counted by hour and kind', async () => {
    const transitions = [told(), told(), told({ type: 'deleted' }), told({ type: 'created' })];
    const recent = [hour(at(-60), at(-1), { updated: 5 }), hour(at(60), at(61), { updated: 1, deleted: 4 })];

    expect((await stateAfter({ recent }, { transitions, committedAt: at(119) })).recent).toStrictEqual([
      recent[0],
      hour(at(60), at(119), { created: 1, updated: 3, deleted: 5 }),
    ]);
    expect((await stateAfter({ recent }, { transitions, committedAt: at(120) })).recent).toStrictEqual([
      ...recent,
      hour(at(120), at(120), { created: 1, updated: 2, deleted: 1 }),
    ]);
  });

  it('are neither those of a baseline nor those that were approved, and no silent ones', async () => {
    const transitions = [aTransition(), told({ origin: 'baseline' }), told({ releasedFrom: holdId('hold-1') })];
    const recent = [hour(at(0), at(1), { updated: 5 })];

    expect((await stateAfter({ recent }, { transitions })).recent).toBe(recent);
    const { recent: counted } = await stateAfter(
      { recent },
      { transitions: [...transitions, told()], committedAt: at(61) },
    );
    expect(counted).toStrictEqual([recent[0], hour(at(60), at(61), { updated: 1 })]);
  });

  it('are forgotten a day after the last of their hour', async () => {
    const day = 24 * 60;
    const recent = [hour(at(0), at(10)), hour(at(60), at(70)), hour(at(120), at(130))];

    const { recent: kept } = await stateAfter({ recent }, { transitions: [told()], committedAt: at(70 + day) });

    expect(kept).toStrictEqual([recent[2], hour(at(60 + day), at(70 + day), { updated: 1 })]);
  });
});

describe('the state of a connection that was removed', () => {
  it('has neither holds nor a last complete list', async () => {
    const lastComplete = { sweepId: sweepId('s'), startedAt: at(0), directory: 'd', scope: '{}' };
    const removal = { type: 'removed', sequence: 1, requestId: 'request' } as const;

    expect(
      await stateAfter(
        { lastComplete, holds: [aKnownHold().hold] },
        { connectionChanges: [{ type: 'sweep_completed', sequence: 0 }, removal], committedAt: at(5), lastSequence: 1 },
      ),
    ).toStrictEqual(
      aState({
        position: 1,
        sequence: 1,
        lastEvent: { position: 1, at: at(5) },
        removedAt: at(5),
        removedBy: 'request',
      }),
    );
  });
});
