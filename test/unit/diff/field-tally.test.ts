import { describe, expect, it } from 'vitest';
import { createFieldTally, isVanished, restlessFields } from '../../../src/diff/field-tally.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { aDeparture, anEntry, aSuspect, aUser, depart, observe } from '../../support/builders.ts';

function change(before: Parameters<typeof aUser>[0], after: Parameters<typeof aUser>[0]): StagedTransition {
  return observe(aSuspect({ entry: anEntry({ user: aUser(before) }), user: aUser(after) })) as StagedTransition;
}

function tallyOf(...transitions: readonly (StagedTransition | undefined)[]) {
  const tally = createFieldTally();
  for (const transition of transitions) if (transition !== undefined) tally.add(transition);
  return tally;
}

describe(createFieldTally, () => {
  it('counts whose field changed, and who lost it', () => {
    const { changed, lost } = tallyOf(
      change({ title: 'Dr' }, { title: 'Miss' }),
      change({ title: 'Dr' }, {}),
      change({}, { title: 'Dr' }),
      change({ title: 'Dr' }, { displayName: 'Ada L.' }),
    );

    expect([...changed]).toStrictEqual([
      ['title', 4],
      ['displayName', 1],
    ]);
    expect([...lost]).toStrictEqual([['title', 2]]);
  });

  it('counts nothing of newcomers, departures and silence', () => {
    const { changed, lost } = tallyOf(observe(aSuspect({ user: aUser({ title: 'Dr' }) })), depart(aDeparture()), {
      ...change({ title: 'Dr' }, {}),
      change: undefined,
    } as unknown as StagedTransition);

    expect([changed.size, lost.size]).toStrictEqual([0, 0]);
  });

  it('counts the word for a status and an attribute by their paths', () => {
    const { lost } = tallyOf(
      change({ vendorAttributes: { admin: true }, rawStatus: 'on' }, { rawStatus: undefined as never }),
    );

    expect([...lost.keys()].toSorted()).toStrictEqual(['rawStatus', 'vendorAttributes.admin']);
  });
});

describe(isVanished, () => {
  it.each([
    [5, 5],
    [5, 6],
    [8, 10],
    [800, 1_000],
  ])('takes a field for vanished that %i of %i lost', (lost, known) => {
    expect(isVanished(lost, known)).toBe(true);
  });

  it.each([
    [0, 0],
    [4, 4],
    [5, 7],
    [7, 10],
    [799, 1_000],
  ])('does not where %i of %i did', (lost, known) => {
    expect(isVanished(lost, known)).toBe(false);
  });
});

describe(restlessFields, () => {
  const retitled = (count: number) => Array.from({ length: count }, () => change({ title: 'Dr' }, { title: 'Miss' }));
  const untitled = (count: number) => Array.from({ length: count }, () => change({ title: 'Dr' }, {}));

  it('are those that changed for over half of the users, losses left out', () => {
    expect(restlessFields(tallyOf(...retitled(6)), 10)).toStrictEqual(['title']);
    expect(restlessFields(tallyOf(...retitled(5)), 10)).toStrictEqual([]);
    expect(restlessFields(tallyOf(...retitled(5), ...untitled(5)), 10)).toStrictEqual([]);
  });

  it('are none among fewer than five users', () => {
    expect(restlessFields(tallyOf(...retitled(4)), 4)).toStrictEqual([]);
    expect(restlessFields(tallyOf(...retitled(5)), 5)).toStrictEqual(['title']);
  });
});
