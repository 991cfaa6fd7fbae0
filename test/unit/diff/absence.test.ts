import { describe, expect, it } from 'vitest';
import { absenceOf, type PriorAbsence, seenAgain } from '../../../src/diff/absence.ts';
import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import { sweepId, userId } from '../../../src/model/ids.ts';
import { at } from '../../support/builders.ts';

const a = { keyHash: '00000000000000aa' };
const b = { keyHash: '00000000000000bb' };
/** The last complete sweep, whose list goes on. */
const lastComplete = { sweepId: sweepId('s1'), startedAt: at(10) };

function listOf(...users: readonly AbsentUser[]) {
  const builder = createAbsentListBuilder();
  for (const user of users) builder.add(user);
  return createAbsentList(builder.build());
}

/** What the last complete sweep left. */
function aPrior(...users: readonly AbsentUser[]): PriorAbsence {
  return { list: listOf(...users), sweepId: lastComplete.sweepId, lastComplete };
}

describe(absenceOf, () => {
  it('begins at one, with the start of the last complete sweep as the last sight', () => {
    expect(absenceOf(a, aPrior())).toStrictEqual({ missedSweeps: 1, lastSeenAt: at(10) });
  });

  it('begins at one without a last sight where no sweep was complete before', () => {
    expect(absenceOf(a, { list: createAbsentList() })).toStrictEqual({ missedSweeps: 1 });
  });

  it('goes on where the last complete sweep missed him too, and keeps the last sight', () => {
    const prior = aPrior({ ...a, missedSweeps: 3, lastSeenAt: at(-5) });

    expect(absenceOf(a, prior)).toStrictEqual({ missedSweeps: 4, lastSeenAt: at(-5) });
  });

  it('states no last sight for somebody missing whose last sight was never known', () => {
    expect(absenceOf(a, aPrior({ ...a, missedSweeps: 1 }))).toStrictEqual({ missedSweeps: 2 });
  });

  it('begins at one for somebody seen since, with that sight as the last one', () => {
    const prior = aPrior({ ...a, missedSweeps: 0, lastSeenAt: at(15) });

    expect(absenceOf(a, prior)).toStrictEqual({ missedSweeps: 1, lastSeenAt: at(15) });
  });

  it('forgets whoever was listed in between', () => {
    const prior = aPrior({ ...b, missedSweeps: 1, lastSeenAt: at(-5) });

    expect(absenceOf(a, prior)).toStrictEqual({ missedSweeps: 1, lastSeenAt: at(10) });
  });

  it.each([
    ['another sweep wrote the prior list', { sweepId: sweepId('s0'), lastComplete }],
    ['the prior list is lost', { lastComplete }],
    ['no sweep was complete', { sweepId: sweepId('s0') }],
  ])('starts counting again, without a last sight, when %s', (_, prior) => {
    const list = listOf({ ...a, missedSweeps: 5, lastSeenAt: at(-5) });

    expect([absenceOf(a, { list, ...prior }), absenceOf(b, { list, ...prior })]).toStrictEqual([
      { missedSweeps: 1 },
      { missedSweeps: 1 },
    ]);
  });

  it('tells users apart who share a key hash', () => {
    const one = { ...a, userId: userId('1') };
    const two = { ...a, userId: userId('2') };
    const prior = aPrior({ ...one, missedSweeps: 1, lastSeenAt: at(-5) });

    expect([absenceOf(two, prior), absenceOf(one, prior)]).toStrictEqual([
      { missedSweeps: 1, lastSeenAt: at(10) },
      { missedSweeps: 2, lastSeenAt: at(-5) },
    ]);
  });

  it('counts up over sweeps, from one for whoever came back in between', () => {
    const startsAt = [at(10), at(20), at(30)] as const;
    const missing = [[a, b], [b], [a, b]];
    let absent: readonly AbsentUser[] = [];

    for (const [number, startedAt] of startsAt.entries()) {
      const id = sweepId(`s${number}`);
      const prior = { list: listOf(...absent), sweepId: id, lastComplete: { sweepId: id, startedAt } };
      absent = (missing[number] ?? []).map((user) => ({ ...user, ...absenceOf(user, prior) }));
    }

    expect(absent).toStrictEqual([
      { ...a, missedSweeps: 1, lastSeenAt: at(30) },
      { ...b, missedSweeps: 3, lastSeenAt: at(10) },
    ]);
  });
});

describe(seenAgain, () => {
  it('counts anew from then on, and forgets that a list has shown him among others', () => {
    const user = { keyHash: 'aa', missedSweeps: 3, lastSeenAt: at(1), wasExcluded: true } as const;

    expect(seenAgain(user, at(9))).toStrictEqual({ keyHash: 'aa', missedSweeps: 0, lastSeenAt: at(9) });
  });
});
