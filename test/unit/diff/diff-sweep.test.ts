import { describe, expect, it } from 'vitest';
import { diffSweep } from '../../../src/diff/diff-sweep.ts';
import { aContext, aDeparture, anEntry, aSuspect, aUser } from '../../support/builders.ts';

describe(diffSweep, () => {
  it('makes nothing of nothing', () => {
    expect(diffSweep({ observed: [], departed: [] }, aContext())).toStrictEqual([]);
  });

  it('keeps the order of observed and departed users and leaves out the unchanged', () => {
    const entryOf = (id: string) => anEntry({ user: aUser({ id }) });
    const observed = [
      aSuspect({ user: aUser({ id: '9' }) }),
      aSuspect({ user: aUser({ id: '5' }), entry: entryOf('5') }),
      aSuspect({ user: aUser({ id: '1', title: 'Dr' }), entry: entryOf('1') }),
    ];
    const departed = [aDeparture({ entry: entryOf('7') }), aDeparture({ entry: entryOf('3') })];

    const transitions = diffSweep({ observed, departed }, aContext());

    expect(transitions.map(({ entry, change }) => [entry.userId, change?.type])).toStrictEqual([
      ['9', 'created'],
      ['1', 'updated'],
      ['7', 'deleted'],
      ['3', 'deleted'],
    ]);
  });

  it('gives the same for the same input, which it leaves as it was', () => {
    const entry = Object.freeze(anEntry({ user: Object.freeze(aUser()) }));
    const suspect = Object.freeze(aSuspect({ user: Object.freeze(aUser({ title: 'Dr' })), entry }));
    const part = Object.freeze({ observed: [suspect], departed: [Object.freeze(aDeparture({ entry }))] });

    expect(diffSweep(part, aContext())).toStrictEqual(diffSweep(part, aContext()));
  });
});
