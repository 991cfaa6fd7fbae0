import { describe, expect, it } from 'vitest';
import { maxBatchBytes } from '../../../src/diff/batch-bounds.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { sweepId } from '../../../src/model/ids.ts';
import { epochMs } from '../../../src/model/instant.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { CommitPlan } from '../../../src/sweep/checkpoint.ts';
import { type CommitStart, commitSweep, lastEventPosition } from '../../../src/sweep/commit-sweep.ts';
import type { Sweep } from '../../../src/sweep/sweep.ts';
import { aBatch, aChange, anEntry, aStamp, aTransition, at, aUser } from '../../support/builders.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { all } from '../store/sample-log.ts';
import { acme, aSweep, type SweepGiven, stagingOf } from './a-sweep.ts';

const conclusion = { absent: { sweepId: sweepId('sweep-1'), count: 0 }, holds: [] };
const ended = { type: 'sweep_completed' } as const;

function aPlan(given: Partial<CommitPlan> = {}): CommitPlan {
  return {
    stamp: aStamp(),
    connectionChanges: [],
    conclusion,
    isDecisive: true,
    maskedFields: [],
    heldKinds: [],
    expectedPairs: 0,
    report: {} as CommitPlan['report'],
    ...given,
  };
}

/** So many users who become known in silence. */
function arrivals(count: number, user: Partial<ReturnType<typeof aUser>> = {}): readonly StagedTransition[] {
  const sample = aTransition();
  return Array.from({ length: count }, (_, n) => ({
    ...sample,
    entry: { ...sample.entry, userId: String(n) as never, user: { ...aUser(), ...user } },
    counts: { pairs: 1, live: 1, tombstones: 0 },
  }));
}

/** Somebody whose entry makes his transition, with the comma after it, so many bytes of JSON. */
function oneOf(id: string, bytes: number): StagedTransition {
  const padded = (displayName: string) => aTransition({ entry: anEntry({ user: aUser({ id, displayName }) }) });
  const empty = Buffer.byteLength(JSON.stringify(padded(''))) + 1;
  return padded('x'.repeat(bytes - empty));
}

const told = ({ entry }: StagedTransition): StagedTransition => {
  const { sequence: _, ...change } = aChange();
  return { ...aTransition({ entry }), change, priorDigest: '0'.repeat(16) };
};

type Given = SweepGiven & Partial<Omit<CommitStart, 'state'>> & { readonly staged?: readonly StagedTransition[] };

/** Commits what is staged over a store in memory, and reads the log. */
async function commit({ staged, plan = aPlan(), committedUpTo = 0, mayStop = false, ...given }: Given = {}) {
  const store = given.store ?? createMemoryStore();
  const sweep: Sweep = await aSweep({ ...given, store });
  const start = { plan, state: sweep.held.state, committedUpTo, mayStop };
  const staging = staged === undefined ? undefined : stagingOf(staged);
  const end = await commitSweep(sweep, { ...start, staging });
  const log = await all(store.readLog(acme, sweep.held.state.position));
  return { store, sweep, end, log, sizes: log.map(({ transitions }) => transitions.length) };
}

describe(commitSweep, () => {
  it('numbers batches and events on from the state, and concludes in the last batch', async () => {
    const [one, two, ...others] = arrivals(52);
    const state = { position: 7, sequence: 20, lastEvent: { position: 5 } };
    const plan = aPlan({ connectionChanges: [ended] });

    const { log, end } = await commit({ staged: [told(one as never), ...others, told(two as never)], plan, state });

    expect(log).toStrictEqual([
      expect.objectContaining({
        position: 8,
        sweep: aStamp(),
        lastSequence: 21,
        previousEventPosition: 5,
        stagedUpTo: 50,
        connectionChanges: [],
      }),
      expect.objectContaining({
        position: 9,
        lastSequence: 23,
        previousEventPosition: 8,
        stagedUpTo: 52,
        connectionChanges: [{ ...ended, sequence: 23 }],
        conclusion,
      }),
    ]);
    expect(log[0]).not.toHaveProperty('conclusion');
    expect(log[0]?.transitions[0]).toStrictEqual({
      ...aTransition(),
      entry: one?.entry,
      change: aChange({ sequence: 21 }),
    });
    expect(log[1]?.transitions.map(({ change }) => change?.sequence)).toStrictEqual([undefined, 22]);
    expect(end).toMatchObject({ isDone: true, state: { position: 9, sequence: 23, lastEvent: { position: 9 } } });
  });

  it('goes past silent batches to the last one with events', async () => {
    const [one, ...others] = arrivals(151);

    const { log } = await commit({ staged: [told(one as never), ...others] });

    expect(log.map(({ previousEventPosition }) => previousEventPosition)).toStrictEqual([0, 1, 1, 1]);
  });

  it('commits fifty users at a time', async () => {
    expect((await commit({ staged: arrivals(50) })).sizes).toStrictEqual([50]);
    expect((await commit({ staged: arrivals(101) })).sizes).toStrictEqual([50, 50, 1]);
  });

  it('fills a batch up to its bytes, and begins another with what is more', async () => {
    const half = maxBatchBytes / 2;

    expect((await commit({ staged: [oneOf('1', half), oneOf('2', half), oneOf('3', half)] })).sizes).toStrictEqual([
      2, 1,
    ]);
    expect((await commit({ staged: [oneOf('1', half), oneOf('2', half + 1), oneOf('3', 1_000)] })).sizes).toStrictEqual(
      [1, 2],
    );
  });

  it('begins with no empty batch, however large the first user is', async () => {
    const { sizes } = await commit({ staged: [oneOf('1', maxBatchBytes + 1), oneOf('2', 1_000)] });

    expect(sizes).toStrictEqual([1, 1]);
  });

  it('counts bytes, not characters', async () => {
    const displayName = 'ü'.repeat(maxBatchBytes / 6);

    expect((await commit({ staged: arrivals(4, { displayName }) })).sizes).toStrictEqual([2, 2]);
  });

  it('writes nothing where there is nothing to say', async () => {
    const { log, end, sweep } = await commit({ staged: [] });

    expect(log).toStrictEqual([]);
    expect(end).toStrictEqual({ isDone: true, state: sweep.held.state });
  });

  it('tells what it concluded although nobody has changed', async () => {
    const { log } = await commit({ plan: aPlan({ connectionChanges: [ended] }), committedUpTo: 3 });

    expect(log).toMatchObject([{ transitions: [], connectionChanges: [ended], conclusion, stagedUpTo: 3 }]);
  });

  it('goes on after the rows that are committed', async () => {
    const { log } = await commit({ staged: arrivals(5), committedUpTo: 3 });

    expect(log.flatMap(({ transitions }) => transitions.map(({ entry }) => entry.userId))).toStrictEqual(['3', '4']);
    expect(log.at(-1)?.stagedUpTo).toBe(5);
  });

  it('passes over a row that is held, and counts it as dealt with', async () => {
    const staged = [...arrivals(1), told(aTransition())];

    const { log } = await commit({ staged, plan: aPlan({ heldKinds: ['updated'] }) });

    expect(log).toMatchObject([{ transitions: [{ entry: { userId: '0' } }], stagedUpTo: 2 }]);
  });

  it('leaves a user whose lost field is kept out of a commit under another projection', async () => {
    const [row] = arrivals(1);
    const { sequence: _, ...change } = aChange({
      diff: { changedFields: ['displayName', 'title'], before: { title: 'Miss' } },
    });
    const staged = [{ ...(row as StagedTransition), change }, ...arrivals(2).slice(1)];
    const plan = aPlan({ maskedFields: ['title'] });
    const usersOf = async (projectionVersion?: string) => {
      const { log } = await commit({ staged, plan, ...(projectionVersion && { basis: { projectionVersion } }) });
      return log.flatMap(({ transitions }) => transitions.map(({ entry }) => entry.userId));
    };

    expect(await usersOf()).toStrictEqual(['0', '1']);
    expect(await usersOf('another')).toStrictEqual(['1']);
  });

  it('gives the index room first for the pairs that it expects', async () => {
    const state = { counts: { pairs: 200, live: 200, tombstones: 0 } };
    const layoutFor = async (expectedPairs: number) =>
      (await commit({ plan: aPlan({ expectedPairs }), state })).end.state.layout;

    expect(await layoutFor(230)).toStrictEqual({ id: '1-0-1', bits: 1 });
    expect(await layoutFor(300)).toStrictEqual({ id: '1-0-2', bits: 2 });
  });

  it('ends where another worker has written the next batch', async () => {
    const store = createMemoryStore();
    await store.appendBatch(aBatch({ connectionId: acme, position: 1, leaseToken: 9 }));

    await expect(commit({ store, staged: arrivals(1) })).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });
});

describe('a commit of more than a hundred batches', () => {
  const plan = aPlan();
  const staged = arrivals(5_001);
  /** Only the log and the state are of interest here; the rest takes time. */
  const aStore = () => {
    const appended: LogBatch[] = [];
    return {
      ...createMemoryStore(),
      writeEntries: async () => undefined,
      applyPairs: async () => undefined,
      appendBatch: async (batch: LogBatch) => (appended.push(batch) > 0 ? ('appended' as const) : ('taken' as const)),
      async *readLog() {
        yield* appended;
      },
    };
  };
  const deadlineMs = epochMs(at(61));

  it('stops between two groups once the time is over, with the first on record', async () => {
    const { log, end, store } = await commit({ store: aStore(), staged, plan, mayStop: true, deadlineMs });

    expect(log).toHaveLength(100);
    expect(end).toMatchObject({ isDone: false, state: { position: 100, counts: { live: 5_000 } } });
    expect(await store.readState(acme)).toStrictEqual(end.state);
  });

  it.each([
    { name: 'goes on where there is time', mayStop: true, deadlineMs: deadlineMs + 1 },
    { name: 'goes on where it may not stop', mayStop: false, deadlineMs },
  ])('$name, and leaves the last part to be saved', async ({ mayStop, deadlineMs: until }) => {
    const { log, end, store } = await commit({ store: aStore(), staged, plan, mayStop, deadlineMs: until });

    expect(log).toHaveLength(101);
    expect(end).toMatchObject({ isDone: true, state: { position: 101, counts: { live: 5_001 } } });
    expect(await store.readState(acme)).toMatchObject({ position: 100 });
  });
});

describe(lastEventPosition, () => {
  it('is that of a batch that holds events, or the one it names', () => {
    const batch = aBatch({ position: 9, previousEventPosition: 4 });

    expect(lastEventPosition(batch)).toBe(4);
    expect(lastEventPosition({ ...batch, connectionChanges: [{ ...ended, sequence: 1 }] })).toBe(9);
  });
});
