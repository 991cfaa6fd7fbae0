import { describe, expect, it } from 'vitest';
import { type AbsentUser, createAbsentList } from '../../../src/diff/absent-list.ts';
import { fromHex } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { goneDigest } from '../../../src/diff/judge-change.ts';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import type { ObservedUser } from '../../../src/model/canonical-user.ts';
import { sweepId } from '../../../src/model/ids.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { createPageComparison } from '../../../src/sweep/compare-pages.ts';
import { concludeSweep } from '../../../src/sweep/conclude-sweep.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { noPages } from '../../../src/sweep/walk-evidence.ts';
import { weigh } from '../../../src/sweep/walk-list.ts';
import { anEntry, at, aUser, keyHashOf } from '../../support/builders.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { acme, aSweep, type SweepGiven, stagingOf } from './a-sweep.ts';

const entriesOf = (...ids: readonly string[]) => ids.map((id) => anEntry({ user: aUser({ id }) }));
const listed = (...ids: readonly string[]) => ids.map((id) => aUser({ id }));
const renamed = (...ids: readonly string[]) => ids.map((id) => aUser({ id, displayName: 'Eve' }));
const missing = (id: string, missedSweeps: number): AbsentUser => ({ keyHash: keyHashOf(id), missedSweeps });

type Given = SweepGiven & {
  readonly known?: readonly SnapshotEntry[];
  readonly users?: readonly ObservedUser[];
  /** Whether the list was walked to its end. */
  readonly isComplete?: boolean;
};

const lastComplete = { sweepId: sweepId('sweep-0'), startedAt: at(5), directory: 'scripted directory', scope: '{}' };

/** Concludes a list of these users after one of those who are known, and reads whom it leaves absent. */
async function conclude({ known = [], users = [], isComplete = true, absent = [], state = {}, ...given }: Given) {
  const store = createMemoryStore();
  await store.writeEntries(acme, known);
  const pairs = known.map(({ keyHash, digest }) => keyHash + digest).sort();
  const before: Partial<ConnectionState> = {
    counts: { pairs: known.length, live: known.length, tombstones: 0 },
    absent: { sweepId: sweepId('sweep-0'), count: absent.length, blob: 'absent before' },
    lastComplete,
    directorySince: at(1),
    ...state,
  };
  const sweep = await aSweep({
    store,
    absent,
    state: before,
    ...given,
    index: createDigestIndex([fromHex(pairs.join(''))], 0),
  });
  const counted = { ...sweep, prior: { ...sweep.prior, sweepId: sweepId('sweep-0'), lastComplete } };
  const { context, meanings, protector, index } = counted;
  const ports = { connectionId: acme, entries: store, index, context, meanings, protector, staging: stagingOf([]) };
  const comparison = createPageComparison({ ...ports, hasTombstones: false, lastSeenAt: () => undefined });
  await comparison.add({ users, rejected: [], next: null, evidence: {}, observedAt: at(60) });
  const evidence = { ...noPages, pages: 1, endedByVendor: isComplete };
  const walked = weigh(counted, comparison, { walks: 1, next: null, evidence });
  const concluded = await concludeSweep(counted, walked);
  const { blob } = concluded.plan.conclusion.absent;
  const bytes = blob === undefined ? undefined : await store.readBlob(acme, blob);
  return { ...concluded, state: sweep.held.state, absent: [...createAbsentList(bytes).users()], comparison };
}

const five = ['1', '2', '3', '4', '5'] as const;

describe('a complete list', () => {
  it('is one that everything later is compared with, and changes the sum of its changes', async () => {
    const { plan, size, isNothing, records, staging, comparison } = await conclude({
      known: entriesOf(...five),
      users: [...renamed('1', '2'), ...listed('3', '4', '5', '6')],
    });

    expect(plan).toMatchObject({
      stamp: { sweepId: 'sweep-1', mode: 'full', startedAt: at(59), complete: true, usersSeen: 6 },
      connectionChanges: [],
      isDecisive: true,
      maskedFields: [],
      heldKinds: [],
      expectedPairs: 6,
      report: { outcome: 'complete', counts: { updated: 2, created: 1, unchanged: 3 } },
    });
    expect(plan.conclusion).toStrictEqual({
      lastComplete: { ...lastComplete, sweepId: 'sweep-1', startedAt: at(59) },
      directorySince: at(1),
      absent: { sweepId: 'sweep-1', count: 0 },
      holds: [],
      acknowledged: [],
    });
    expect(isNothing).toBe(false);
    expect(records).toStrictEqual([]);
    expect(staging).toBe(comparison.staging);
    let bytes = 0;
    for await (const rows of staging.read())
      for (const { transition } of rows) bytes += Buffer.byteLength(JSON.stringify(transition));
    expect(size).toStrictEqual({ changes: 3, bytes });
  });

  it('sums up bytes, not characters: what is more than a batch is put on record first', async () => {
    const users = [aUser({ id: '1', displayName: '漢'.repeat(1_000) })];

    expect((await conclude({ known: entriesOf('1'), users })).size.bytes).toBeGreaterThan(3_000);
  });

  it('begins the time of its directory where it is the first one', async () => {
    const { plan } = await conclude({ users: listed('1'), basis: { purpose: 'baseline' } });

    expect(plan.conclusion.directorySince).toBe(at(59));
    expect(plan.connectionChanges).toStrictEqual([{ type: 'baseline_completed' }]);
    const unknown = await conclude({ state: { directorySince: undefined as never } });
    expect(unknown.plan.conclusion.directorySince).toBe(at(59));
  });

  it('is told of where that is wanted', async () => {
    const emitSweepCompleted = { list: { emitSweepCompleted: true } };

    expect((await conclude(emitSweepCompleted)).plan.connectionChanges).toStrictEqual([{ type: 'sweep_completed' }]);
    const baseline = await conclude({ ...emitSweepCompleted, basis: { purpose: 'baseline' } });
    expect(baseline.plan.connectionChanges).toStrictEqual([
      { type: 'baseline_completed' },
      { type: 'sweep_completed' },
    ]);
    const incomplete = await conclude({ ...emitSweepCompleted, isComplete: false });
    expect(incomplete.plan.connectionChanges).toStrictEqual([]);
  });

  it('leaves out of its sum what is held', async () => {
    const brake = { ...defaultBrakeRules, updated: { maxCount: 1, maxPercent: 0 } };

    const { plan, size, records } = await conclude({
      known: entriesOf(...five),
      users: [...renamed('1', '2'), ...listed('3', '4', '5', '6')],
      list: { brake },
    });

    expect(plan.heldKinds).toStrictEqual(['updated']);
    expect(plan.connectionChanges).toMatchObject([{ type: 'changes_held', hold: { count: 2 } }]);
    expect(size.changes).toBe(1);
    expect(plan.expectedPairs).toBe(6);
    expect(records).toHaveLength(1);
    expect(plan.conclusion.holds).toHaveLength(1);
  });
});

describe('who is absent after a complete list', () => {
  it('are those who were missing for too short a time, each with how often', async () => {
    const known = entriesOf(...five);

    const { absent, plan, size } = await conclude({ known, users: listed('1', '2', '3'), absent: [missing('4', 1)] });

    expect(absent).toStrictEqual([{ keyHash: keyHashOf('5'), missedSweeps: 1, lastSeenAt: at(5) }]);
    expect(plan.conclusion.absent).toStrictEqual({ sweepId: 'sweep-1', count: 1, blob: '000000000001/sweep-1/absent' });
    expect(size.changes).toBe(1);
  });

  it('are those as well whose departure is held', async () => {
    const brake = { ...defaultBrakeRules, deleted: { maxCount: 0, maxPercent: 0 } };
    const known = entriesOf(...five);

    const { absent, plan } = await conclude({
      known,
      users: listed('1', '2', '3', '4'),
      absent: [missing('5', 1)],
      list: { brake },
    });

    expect(plan.heldKinds).toStrictEqual(['deleted']);
    expect(absent).toStrictEqual([missing('5', 2)]);
  });

  it('are not those whom a decision lets go, though others are held', async () => {
    const brake = { ...defaultBrakeRules, deleted: { maxCount: 0, maxPercent: 0 } };
    const holds = [aKnownHold({ kind: 'deleted', verdict: 'approved', of: { 5: goneDigest } })];
    const gone = [missing('4', 1), missing('5', 1)];

    const { absent } = await conclude({
      known: entriesOf(...five, '6'),
      users: listed('1', '2', '3', '6'),
      absent: gone,
      list: { brake },
      holds,
    });

    expect(absent).toStrictEqual([missing('4', 2)]);
  });

  it('are nobody of another directory or cut, not even where deletions are held', async () => {
    const brake = { ...defaultBrakeRules, deleted: { maxCount: 0, maxPercent: 0 } };
    const users = [aUser({ id: '1', status: 'deleted' })];

    const { absent, plan } = await conclude({
      known: entriesOf(...five),
      users,
      list: { brake },
      basis: { purpose: 'rescope' },
    });

    expect(plan.heldKinds).toStrictEqual(['deleted']);
    expect(absent).toStrictEqual([]);
    expect(plan.conclusion.absent).toStrictEqual({ sweepId: 'sweep-1', count: 0 });
  });
});

describe('a list that proves nobody’s absence', () => {
  const before = { sweepId: 'sweep-0', count: 2, blob: 'absent before' };
  const absent = [missing('4', 3), missing('5', 3)];
  const known = entriesOf(...five);

  it.each([
    ['did not come to its end', { isComplete: false }],
    ['is a delta', { basis: { mode: 'delta' } }],
  ] as const)('concludes no more than its changes where it %s', async (_, given) => {
    const hold = aKnownHold();

    const { plan, size } = await conclude({ known, users: renamed('1'), absent, holds: [hold], ...given });

    expect(plan.isDecisive).toBe(false);
    expect(plan.stamp.complete).toBe(!('isComplete' in given));
    expect(plan.conclusion).toStrictEqual({ absent: before, holds: [hold.hold], acknowledged: [] });
    expect(size.changes).toBe(1);
  });

  it('begins to count anew for whoever it shows', async () => {
    const { plan, absent: left } = await conclude({ known, users: listed('4'), absent, isComplete: false });

    expect(left).toStrictEqual(
      [{ ...missing('4', 0), lastSeenAt: at(59) }, missing('5', 3)].sort((a, b) => (a.keyHash < b.keyHash ? -1 : 1)),
    );
    expect(plan.conclusion.absent).toMatchObject({ sweepId: 'sweep-0', count: 2 });
    expect(plan.conclusion.absent.blob).not.toBe('absent before');
  });

  it('counts nobody who was not absent', async () => {
    const nobody = { sweepId: sweepId('sweep-0'), count: 0 };

    const { plan } = await conclude({ known, users: listed('4'), state: { absent: nobody }, isComplete: false });

    expect(plan.conclusion.absent).toBe(nobody);
  });

  it('commits nothing at all of another directory or cut', async () => {
    const hold = aKnownHold();
    const state = { holds: [hold.hold], acknowledged: ['status'] as const };
    const conclusion = { absent: before, holds: [hold.hold] };
    const given = { known, users: renamed('1'), absent, isComplete: false, basis: { purpose: 'rescope' } } as const;

    const { plan, records, isNothing, size, staging, comparison } = await conclude({ ...given, state });

    expect(plan).toStrictEqual({
      stamp: { sweepId: 'sweep-1', mode: 'full', startedAt: at(59), complete: false, usersSeen: 1 },
      connectionChanges: [],
      conclusion: { ...conclusion, acknowledged: ['status'] },
      isDecisive: false,
      maskedFields: [],
      heldKinds: [],
      expectedPairs: 0,
      report: expect.objectContaining({ outcome: 'incomplete' }),
    });
    expect([records, isNothing, size]).toStrictEqual([[], true, { changes: 0, bytes: 0 }]);
    expect(staging).toBe(comparison.staging);
    expect((await conclude({ ...given, state: { holds: [hold.hold] } })).plan.conclusion).toStrictEqual(conclusion);
  });
});

describe('a status that nobody has any more', () => {
  const without = (...ids: readonly string[]) =>
    ids.map((id): ObservedUser => ({ id: id as never, displayName: 'Ada' }));
  const { members: _, ...status } = aKnownHold({
    kind: 'status_changed',
    reason: 'field_vanished',
    fields: ['status'],
  }).hold;
  const statusHold = (given: Partial<typeof status> = {}) => [{ ...aKnownHold(), hold: { ...status, ...given } }];
  const decision = { verdict: 'approved', by: 'ada', at: at(1) } as const;
  const noted = async (given: Given) =>
    (await conclude({ known: entriesOf(...five), users: without(...five), ...given })).plan.conclusion.acknowledged;

  it('is taken note of once somebody has decided on it', async () => {
    expect(await noted({})).toStrictEqual([]);
    expect(await noted({ holds: statusHold() })).toStrictEqual([]);
    expect(await noted({ holds: statusHold({ decision }) })).toStrictEqual(['status']);
    expect(await noted({ holds: [...statusHold({ decision }), aKnownHold()] })).toStrictEqual(['status']);
    expect(await noted({ holds: [aKnownHold({ verdict: 'approved' })] })).toStrictEqual([]);
  });

  it('stays noted until it is back', async () => {
    const state = { acknowledged: ['status'] as const };

    expect(await noted({ state })).toStrictEqual(['status']);
    expect(await noted({ state, users: listed(...five) })).toStrictEqual([]);
    expect(await noted({ holds: statusHold({ decision }), users: listed(...five) })).toStrictEqual([]);
    expect(await noted({ state, users: listed(...five), isComplete: false })).toStrictEqual(['status']);
  });
});
