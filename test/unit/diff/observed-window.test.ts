import { describe, expect, it } from 'vitest';
import type { ObservedSuspect } from '../../../src/diff/diff-sweep.ts';
import { aContext, anEntry, aSuspect, at, aUser, observe } from '../../support/builders.ts';

const changed = aUser({ title: 'Dr' });
const gone = anEntry({ presence: 'gone', observedAt: at(40), deletedAt: at(40) });

describe('the window of an observed change', () => {
  it.each<[string, Partial<ObservedSuspect>, object]>([
    ['ends with the page, open at its start, for a user nobody ever looked for', {}, { notAfter: at(60) }],
    [
      'begins with the complete sweep that did not list him',
      { lastSeenAt: at(20) },
      { notBefore: at(20), notAfter: at(60) },
    ],
    [
      'begins when his entry was accepted',
      { entry: anEntry({ observedAt: at(15) }) },
      { notBefore: at(15), notAfter: at(60) },
    ],
    [
      'begins with the last complete sweep where that is later than his entry',
      { entry: anEntry({ observedAt: at(15) }), lastSeenAt: at(20) },
      { notBefore: at(20), notAfter: at(60) },
    ],
    [
      'begins with his entry where that is later than the last complete sweep',
      { entry: anEntry({ observedAt: at(25) }), lastSeenAt: at(20) },
      { notBefore: at(25), notAfter: at(60) },
    ],
    ['begins with his deletion for a user who came back', { entry: gone }, { notBefore: at(40), notAfter: at(60) }],
  ])('%s', (_, given, window) => {
    expect(observe(aSuspect({ user: changed, ...given }))?.change?.window).toStrictEqual(window);
  });

  it.each([
    { purpose: 'baseline', sameDirectory: false } as const,
    { purpose: 'rescope', sameDirectory: true } as const,
  ])('is open at its start for a user who becomes known in a $purpose', ({ purpose, sameDirectory }) => {
    const context = aContext({ policy: { purpose, sameDirectory, baseline: 'emit' } });
    const suspect = aSuspect({ lastSeenAt: at(20), ...(!sameDirectory && { entry: anEntry() }) });

    expect(observe(suspect, context)?.change?.window).toStrictEqual({ notAfter: at(60) });
  });
});
