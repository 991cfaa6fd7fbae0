import { describe, expect, it } from 'vitest';
import { goneDigest, judgeChange, type SweepRules, targetOf } from '../../../src/diff/judge-change.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { aContext, aDeparture, anEntry, aSuspect, aUser, depart, observe } from '../../support/builders.ts';
import { aKnownHold, aLossHold, idOf, rulesOf } from '../../support/known-hold.ts';

const context = aContext();
const doctor = aUser({ title: 'Dr' });
const staged = (user: Parameters<typeof aUser>[0], before = doctor) =>
  observe(aSuspect({ entry: anEntry({ user: before }), user: aUser(user) })) as StagedTransition;

const retitled = staged({ title: 'Miss' });
const untitled = staged({});
const untitledAndRenamed = staged({ displayName: 'Ada L.' });
const left = depart(aDeparture()) as StagedTransition;
const reported = staged({ title: 'Dr', status: 'deleted' });

const judge = (transition: StagedTransition, rules: Partial<SweepRules> = {}) =>
  judgeChange(transition, rulesOf(rules), context);

const quiet = { masked: [], settles: [], isFresh: false };
const told = (transition: StagedTransition) => ({ masked: [], settles: [], isFresh: true, commit: transition });
const released = (transition: StagedTransition, releasedFrom: string) => ({
  ...transition,
  change: { ...transition.change, releasedFrom },
});

describe(targetOf, () => {
  it('is the digest, and one and the same for whoever is gone, reported or concluded', () => {
    expect(targetOf(retitled)).toBe(retitled.entry.digest);
    expect([targetOf(left), targetOf(reported)]).toStrictEqual([goneDigest, goneDigest]);
    const { change: _, ...silentlyGone } = left;
    expect(targetOf(silentlyGone)).toBe(goneDigest);
  });
});

describe(judgeChange, () => {
  it('commits what nothing speaks against, and counts it', () => {
    expect(judge(retitled)).toStrictEqual(told(retitled));
  });

  it('commits silence whatever is held', () => {
    const { change: _, ...silent } = retitled;
    const rules = { holds: [aKnownHold()], heldKinds: new Set(['updated'] as const) };

    expect(judge(silent, rules)).toStrictEqual({ ...quiet, commit: silent });
  });

  it('commits whoever becomes known with a new list, and does not count him', () => {
    const newcomer = observe(aSuspect(), aContext({ policy: { purpose: 'baseline', baseline: 'emit' } }));
    const heldKinds = new Set(['created'] as const);

    expect(newcomer?.change?.origin).toBe('baseline');
    expect(judge(newcomer as StagedTransition, { heldKinds })).toStrictEqual({ ...quiet, commit: newcomer });
  });

  it('keeps back a kind of which there are too many, and no other', () => {
    const heldKinds = new Set(['updated'] as const);

    expect(judge(retitled, { heldKinds })).toStrictEqual({
      ...quiet,
      isFresh: true,
      withheld: { kind: 'updated', target: retitled.entry.digest },
    });
    expect(judge(left, { heldKinds })).toStrictEqual(told(left));
  });
});

describe('a member of a hold', () => {
  const target = retitled.entry.digest;

  it.each([true, false])(
    'is kept back by it and does not count, whatever he changed into, decisive: %s',
    (isDecisive) => {
      const hold = aKnownHold();

      expect(judge(retitled, { holds: [hold], isDecisive })).toStrictEqual({
        ...quiet,
        withheld: { kind: 'updated', by: idOf(hold), target },
      });
    },
  );

  it('is free in another kind, and so is somebody else', () => {
    const hold = aKnownHold({ kind: 'deleted' });

    expect(judge(retitled, { holds: [hold] })).toStrictEqual(told(retitled));
    expect(judge(retitled, { holds: [aKnownHold({ of: { 43: target } })] })).toStrictEqual(told(retitled));
  });

  it('is let through by an approval, under its name', () => {
    const hold = aKnownHold({ verdict: 'approved', of: { 42: target } });
    const heldKinds = new Set(['updated'] as const);

    expect(judge(retitled, { holds: [hold], heldKinds })).toStrictEqual({
      ...quiet,
      settles: ['hold-1'],
      commit: released(retitled, 'hold-1'),
    });
  });

  it('is accepted silently by a rejection; a departure leaves no time of deletion', () => {
    const hold = aKnownHold({ verdict: 'rejected', of: { 42: target } });
    const { change: _, ...silent } = retitled;
    const { deletedAt: __, ...neverDeleted } = left.entry;
    const onDeletions = aKnownHold({ kind: 'deleted', verdict: 'rejected', of: { 42: goneDigest } });

    expect(judge(retitled, { holds: [hold] })).toStrictEqual({ ...quiet, settles: ['hold-1'], commit: silent });
    expect(judge(left, { holds: [onDeletions] }).commit?.entry).toStrictEqual(neverDeleted);
    expect(judge(reported, { holds: [onDeletions] }).commit?.entry).not.toHaveProperty('deletedAt');
    expect(left.entry.deletedAt).toBeDefined();
  });

  it.each(['approved', 'rejected'] as const)('is kept back by a hold that is %s until a decisive sweep', (verdict) => {
    const hold = aKnownHold({ verdict, of: { 42: target } });

    expect(judge(retitled, { holds: [hold], isDecisive: false })).toStrictEqual({
      ...quiet,
      withheld: { kind: 'updated', by: 'hold-1', target },
    });
  });

  it.each(['approved', 'rejected'] as const)('who changed once more is judged anew though it is %s', (verdict) => {
    const hold = aKnownHold({ verdict, of: { 42: '0'.repeat(16) } });

    expect(judge(retitled, { holds: [hold] })).toStrictEqual(told(retitled));
    expect(judge(retitled, { holds: [hold], heldKinds: new Set(['updated']) }).withheld).toStrictEqual({
      kind: 'updated',
      target,
    });
  });

  it('who is reported as deleted is what was approved when he was absent', () => {
    const hold = aKnownHold({ kind: 'deleted', verdict: 'approved', of: { 42: goneDigest } });

    expect(judge(reported, { holds: [hold] }).commit).toStrictEqual(released(reported, 'hold-1'));
  });
});

describe('a lost field', () => {
  const maskedFields = new Set(['title'] as const);

  it('that vanished is kept back, all or part of a change', () => {
    expect(judge(untitled, { maskedFields })).toStrictEqual({ ...quiet, masked: ['title'] });
    const part = judge(untitledAndRenamed, { maskedFields });

    expect([part.masked, part.isFresh, part.commit?.change?.diff?.changedFields]).toStrictEqual([
      ['title'],
      true,
      ['displayName'],
    ]);
    expect(part.commit?.entry.user).toMatchObject({ title: 'Dr', displayName: 'Ada L.' });
  });

  it('is told where it did not vanish, and so is another value of one that did', () => {
    expect(judge(untitled, { maskedFields: new Set(['groups'] as const) })).toStrictEqual(told(untitled));
    expect(judge(retitled, { maskedFields })).toStrictEqual(told(retitled));
  });

  it('is told by an approval of its hold, with the rest, and counts for nothing', () => {
    const holds = [aLossHold({ verdict: 'approved' })];

    for (const transition of [untitled, untitledAndRenamed])
      expect(judge(transition, { holds, maskedFields, heldKinds: new Set(['updated']) })).toStrictEqual({
        ...quiet,
        settles: ['loss-1'],
        commit: released(transition, 'loss-1'),
      });
  });

  it('is told by an approval, and a change of status beside it is still held by the brake', () => {
    const holds = [aLossHold({ verdict: 'approved' })];
    const suspended = staged({ status: 'suspended' });

    expect(judge(suspended, { holds, maskedFields, heldKinds: new Set(['status_changed']) })).toStrictEqual({
      masked: [],
      settles: ['loss-1'],
      isFresh: true,
      withheld: { kind: 'status_changed', target: suspended.entry.digest },
    });
  });

  it('is told by an approval of its hold, though its user has kept another field of that hold', () => {
    const holds = [aLossHold({ verdict: 'approved', fields: ['title', 'groups'] })];

    expect(judge(untitled, { holds, maskedFields })).toStrictEqual({
      ...quiet,
      settles: ['loss-1'],
      commit: released(untitled, 'loss-1'),
    });
  });

  it('is accepted silently by a rejection, and the rest is told and counts', () => {
    const holds = [aLossHold({ verdict: 'rejected' })];
    const { change: _, ...silent } = untitled;

    expect(judge(untitled, { holds, maskedFields })).toStrictEqual({ ...quiet, settles: ['loss-1'], commit: silent });
    const part = judge(untitledAndRenamed, { holds, maskedFields });
    expect([part.settles, part.isFresh, part.commit?.change?.diff?.changedFields]).toStrictEqual([
      ['loss-1'],
      true,
      ['displayName'],
    ]);
    expect(part.commit?.entry.user.title).toBeUndefined();
  });

  it('is kept back until a decisive sweep, for a member only, by a decision on that field only', () => {
    const kept = { ...quiet, masked: ['title'] };
    const approved = { verdict: 'approved' } as const;

    expect(judge(untitled, { holds: [aLossHold(approved)], maskedFields, isDecisive: false })).toStrictEqual(kept);
    expect(
      judge(untitled, { holds: [aLossHold({ ...approved, of: { 43: goneDigest } })], maskedFields }),
    ).toStrictEqual(kept);
    expect(judge(untitled, { holds: [aLossHold({ ...approved, fields: ['groups'] })], maskedFields })).toStrictEqual(
      kept,
    );
    expect(judge(untitled, { holds: [aLossHold()], maskedFields })).toStrictEqual(kept);
  });

  it('stays held for the members of an open hold, and for them only, where it does not count as vanished', () => {
    expect(judge(untitled, { holds: [aLossHold()] })).toStrictEqual({ ...quiet, masked: ['title'] });
    expect(judge(untitled, { holds: [aLossHold({ of: { 43: goneDigest } })] })).toStrictEqual(told(untitled));
    expect(judge(untitled, { holds: [aLossHold({ fields: ['groups'] })] })).toStrictEqual(told(untitled));
  });

  it('may be rejected while another one is kept back', () => {
    const both = staged({}, aUser({ title: 'Dr', groups: [{ id: 'g1' }] }));
    const rules = { holds: [aLossHold({ verdict: 'rejected' })], maskedFields: new Set(['title', 'groups'] as const) };

    const { commit, masked, settles } = judge(both, rules);

    expect([masked, settles, commit?.change]).toStrictEqual([['groups'], ['loss-1'], undefined]);
    expect(commit?.entry.user).toStrictEqual(aUser({ groups: [{ id: 'g1' }] }));
  });

  it('that is masked leaves the rest to a hold of the brake', () => {
    const { masked, withheld, commit } = judge(untitledAndRenamed, { holds: [aKnownHold()], maskedFields });

    expect([masked, withheld?.by, commit]).toStrictEqual([['title'], 'hold-1', undefined]);
  });
});
