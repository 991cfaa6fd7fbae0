import { describe, expect, it } from 'vitest';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import type { ChangeType } from '../../../src/model/change.ts';
import type { FieldPath } from '../../../src/model/projected-field.ts';
import { findFieldChanges, judgeStaged } from '../../../src/sweep/judge-staged.ts';
import type { Stock } from '../../../src/sweep/take-stock.ts';
import type { WalkedList } from '../../../src/sweep/walk-list.ts';
import { aChange, anEntry, aTransition, at, aUser } from '../../support/builders.ts';
import { aKnownHold, aLossHold } from '../../support/known-hold.ts';
import { aSweep, type SweepGiven, stagingOf } from './a-sweep.ts';

const { sequence: _, ...anUpdate } = aChange();

/** So many users, each with a change of this type in these fields. */
function changes(count: number, type: ChangeType = 'updated', changedFields: readonly FieldPath[] = ['displayName']) {
  return Array.from(
    { length: count },
    (__, n): StagedTransition => ({
      ...aTransition({ entry: anEntry({ user: aUser({ id: `${type} ${n}` }) }) }),
      change: { ...anUpdate, type, diff: { changedFields, before: { title: 'Dr' } } },
    }),
  );
}

type Findings = SweepGiven & {
  readonly staged: readonly StagedTransition[];
  readonly knownSeen?: number;
  readonly distinct?: number;
  readonly withoutStatus?: number;
};

async function find({ staged, knownSeen = 10, distinct = 10, withoutStatus = 0, ...given }: Findings) {
  const comparison = { staging: stagingOf(staged), seen: { knownSeen, distinct }, counts: { withoutStatus } };
  return findFieldChanges(await aSweep(given), { comparison } as unknown as WalkedList);
}

const nothingFound = { vanished: new Set(), isStatusMissing: false, restless: [], reportedDeleted: 0 };

describe(findFieldChanges, () => {
  it('finds nothing where nothing is staged', async () => {
    expect(await find({ staged: [] })).toStrictEqual(nothingFound);
  });

  it('takes a field that nearly all known users lose for one that vanished', async () => {
    expect(await find({ staged: changes(8, 'updated', ['title']) })).toStrictEqual({
      ...nothingFound,
      vanished: new Set(['title']),
    });
    expect(await find({ staged: changes(7, 'updated', ['title']) })).toStrictEqual(nothingFound);
  });

  it('takes a field that most of them change for a restless one', async () => {
    expect(await find({ staged: changes(6) })).toStrictEqual({ ...nothingFound, restless: ['displayName'] });
    expect(await find({ staged: changes(6), knownSeen: 12 })).toStrictEqual(nothingFound);
  });

  it('draws nothing from the first list of a directory', async () => {
    const staged = [...changes(8, 'updated', ['title']), ...changes(1, 'deleted')];

    expect(await find({ staged, withoutStatus: 10, basis: { purpose: 'baseline' } })).toStrictEqual(nothingFound);
  });

  it('misses the status where nearly nobody on the list has one, while the list is as before', async () => {
    expect(await find({ staged: [], withoutStatus: 8 })).toStrictEqual({ ...nothingFound, isStatusMissing: true });
    expect(await find({ staged: [], withoutStatus: 7 })).toStrictEqual(nothingFound);
    expect(await find({ staged: [], withoutStatus: 8, distinct: 11 })).toStrictEqual(nothingFound);
    expect(await find({ staged: [], withoutStatus: 8, basis: { purpose: 'rescope' } })).toStrictEqual(nothingFound);
  });

  it('counts users whom the vendor reports as deleted, but those whose deletion is held already', async () => {
    const staged = [aTransition(), ...changes(2), ...changes(3, 'deleted')];

    expect((await find({ staged })).reportedDeleted).toBe(3);
    const holds = [aKnownHold({ kind: 'deleted', of: { 'deleted 1': 'f'.repeat(16) } })];
    expect((await find({ staged, holds })).reportedDeleted).toBe(2);
  });
});

type Judged = SweepGiven & {
  readonly staged: readonly StagedTransition[];
  readonly isDecisive?: boolean;
  readonly vanished?: readonly FieldPath[];
  readonly collapse?: Stock['collapse'];
};

async function judge({ staged, isDecisive = true, vanished = [], collapse, ...given }: Judged) {
  const stock = collapse && ({ collapse } as Stock);
  return judgeStaged(await aSweep(given), stagingOf(staged), {
    isDecisive,
    vanished: new Set(vanished),
    ...(stock && { stock }),
  });
}

const strict = {
  ...defaultBrakeRules,
  updated: { maxCount: 3, maxPercent: 0 },
  deleted: { maxCount: 1, maxPercent: 0 },
};
const counts = { pairs: 50, live: 40, tombstones: 0 };
const hour = (lastAt: ReturnType<typeof at>, updated: number) => ({
  hour: at(-9_000),
  lastAt,
  created: 7,
  updated,
  status_changed: 7,
  deleted: 7,
});

describe(judgeStaged, () => {
  it('lets everything pass that is not too much', async () => {
    const { rules, readings, tally } = await judge({ staged: changes(3), list: { brake: strict } });

    expect(rules).toStrictEqual({ holds: [], isDecisive: true, maskedFields: new Set(), heldKinds: new Set() });
    expect([...readings]).toStrictEqual([]);
    expect(tally.fresh.updated.changes).toBe(3);
  });

  it('holds a kind of which there is too much, with what it has read, and no other', async () => {
    const staged = [...changes(4), ...changes(1, 'deleted'), ...changes(5, 'created')];

    const { rules, readings } = await judge({ staged, list: { brake: strict }, state: { counts } });

    expect(rules.heldKinds).toStrictEqual(new Set(['updated']));
    expect([...readings]).toStrictEqual([['updated', { found: 4, recent: 0, limit: 3, liveUsers: 40 }]]);
  });

  it('counts what was published in the day before the sweep', async () => {
    const dayAgo = at(59 - 24 * 60);
    const recent = [hour(at(0), 1), hour(at(60 - 24 * 60), 1), hour(dayAgo, 100)];

    const { readings } = await judge({ staged: changes(1), list: { brake: strict }, state: { recent, counts } });

    expect(readings.get('updated')).toBeUndefined();
    const { readings: one } = await judge({ staged: changes(2), list: { brake: strict }, state: { recent, counts } });
    expect(one.get('updated')).toStrictEqual({ found: 2, recent: 2, limit: 3, liveUsers: 40 });
  });

  it('has no brake in the first list of a directory', async () => {
    const { readings } = await judge({ staged: changes(4), list: { brake: strict }, basis: { purpose: 'baseline' } });

    expect([...readings]).toStrictEqual([]);
  });

  it('holds departures without a reading where the list itself is the suspect', async () => {
    const staged = changes(4, 'deleted');

    const { rules, readings } = await judge({ staged, list: { brake: strict }, collapse: 'list_empty' });

    expect([...readings]).toStrictEqual([['deleted', undefined]]);
    expect(rules.heldKinds).toStrictEqual(new Set(['deleted']));
  });

  it('keeps fields that vanished, and those of open holds while it decides nothing', async () => {
    const given = { staged: [], vanished: ['emails'] as const, holds: [aLossHold(), aKnownHold()] };

    expect((await judge(given)).rules.maskedFields).toStrictEqual(new Set(['emails']));
    const { rules } = await judge({ ...given, isDecisive: false });
    expect(rules.maskedFields).toStrictEqual(new Set(['emails', 'title']));
    expect(rules.isDecisive).toBe(false);
    expect(rules.holds).toStrictEqual(given.holds);
  });
});
