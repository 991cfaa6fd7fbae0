import { describe, expect, it } from 'vitest';
import { concludeDeletions, countAbsence } from '../../../src/diff/absence.ts';
import { sweepId, userId } from '../../../src/model/ids.ts';
import { at } from '../../support/builders.ts';

const a = { keyHash: 'aa' };
const b = { keyHash: 'bb' };
/** The last complete sweep, whose list goes on. */
const lastComplete = { sweepId: sweepId('s1'), startedAt: at(10) };

describe(countAbsence, () => {
  it('begins at one, with the start of the last complete sweep as the last sight', () => {
    expect(countAbsence([a], { absent: [], sweepId: lastComplete.sweepId, lastComplete })).toStrictEqual([
      { keyHash: 'aa', missedSweeps: 1, lastSeenAt: at(10) },
    ]);
  });

  it('begins at one without a last sight where no sweep was complete before', () => {
    expect(countAbsence([a], { absent: [] })).toStrictEqual([{ keyHash: 'aa', missedSweeps: 1 }]);
  });

  it('goes on where the last complete sweep missed him too, and keeps the last sight', () => {
    const absent = [{ keyHash: 'aa', missedSweeps: 3, lastSeenAt: at(-5) }];

    expect(countAbsence([a], { absent, sweepId: lastComplete.sweepId, lastComplete })).toStrictEqual([
      { keyHash: 'aa', missedSweeps: 4, lastSeenAt: at(-5) },
    ]);
  });

  it('forgets whoever was listed in between', () => {
    const absent = [{ keyHash: 'bb', missedSweeps: 1, lastSeenAt: at(-5) }];

    expect(countAbsence([a], { absent, sweepId: lastComplete.sweepId, lastComplete })).toStrictEqual([
      { keyHash: 'aa', missedSweeps: 1, lastSeenAt: at(10) },
    ]);
  });

  it('is empty when everybody was listed', () => {
    const absent = [{ keyHash: 'aa', missedSweeps: 1 }];

    expect(countAbsence([], { absent, sweepId: lastComplete.sweepId, lastComplete })).toStrictEqual([]);
  });

  it.each([
    ['another sweep wrote the prior list', { sweepId: sweepId('s0'), lastComplete }],
    ['the prior list is lost', { lastComplete }],
    ['no sweep was complete', { sweepId: sweepId('s0') }],
  ])('starts counting again when %s', (_, prior) => {
    const absent = [{ keyHash: 'aa', missedSweeps: 5, lastSeenAt: at(-5) }];

    expect(countAbsence([a], { absent, ...prior }).map(({ missedSweeps }) => missedSweeps)).toStrictEqual([1]);
  });

  it('states no last sight when the prior list is lost', () => {
    expect(countAbsence([a], { absent: [], lastComplete })).toStrictEqual([{ keyHash: 'aa', missedSweeps: 1 }]);
  });

  it('tells users apart who share a key hash', () => {
    const one = { ...a, userId: userId('1') };
    const two = { ...a, userId: userId('2') };
    const absent = [{ ...one, missedSweeps: 1, lastSeenAt: at(-5) }];

    expect(countAbsence([two, one], { absent, sweepId: lastComplete.sweepId, lastComplete })).toStrictEqual([
      { ...two, missedSweeps: 1, lastSeenAt: at(10) },
      { ...one, missedSweeps: 2, lastSeenAt: at(-5) },
    ]);
  });

  it('counts up over sweeps, from one for whoever came back in between', () => {
    const first = countAbsence([a, b], { absent: [], sweepId: sweepId('s1'), lastComplete });
    const second = countAbsence([b], {
      absent: first,
      sweepId: sweepId('s2'),
      lastComplete: { sweepId: sweepId('s2'), startedAt: at(20) },
    });
    const third = countAbsence([a, b], {
      absent: second,
      sweepId: sweepId('s3'),
      lastComplete: { sweepId: sweepId('s3'), startedAt: at(30) },
    });

    expect(third).toStrictEqual([
      { keyHash: 'aa', missedSweeps: 1, lastSeenAt: at(30) },
      { keyHash: 'bb', missedSweeps: 3, lastSeenAt: at(10) },
    ]);
  });
});

describe(concludeDeletions, () => {
  const once = { keyHash: 'aa', missedSweeps: 1 };
  const twice = { keyHash: 'bb', missedSweeps: 2 };
  const thrice = { keyHash: 'cc', missedSweeps: 3 };

  it.each([
    { confirmSweeps: 1, concluded: [once, twice, thrice], pending: [] },
    { confirmSweeps: 2, concluded: [twice, thrice], pending: [once] },
    { confirmSweeps: 4, concluded: [], pending: [once, twice, thrice] },
  ])('concludes after $confirmSweeps sweeps and not before', ({ confirmSweeps, concluded, pending }) => {
    expect(concludeDeletions([once, twice, thrice], confirmSweeps)).toStrictEqual({ concluded, pending });
  });
});
