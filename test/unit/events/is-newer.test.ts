import { describe, expect, it } from 'vitest';
import { compareOrder } from '../../../src/events/compare-order.ts';
import { isNewer } from '../../../src/events/is-newer.ts';

const event = (epoch: number, revision: number, origin = 'live') => ({ metadata: { epoch, revision, origin } });

describe(isNewer, () => {
  it.each([
    ['anything of a user nobody knows', event(1, 1), undefined, true],
    ['a higher revision', event(1, 8), { epoch: 1, revision: 7 }, true],
    ['the same event again', event(1, 7), { epoch: 1, revision: 7 }, false],
    ['an older one that comes late', event(1, 6), { epoch: 1, revision: 7 }, false],
    ['a lower revision after a restore', event(2, 3), { epoch: 1, revision: 7 }, true],
    ['a higher revision from before a restore', event(1, 9), { epoch: 2, revision: 7 }, false],
    ['a replay of what is known', event(1, 7, 'replay'), { epoch: 1, revision: 7 }, false],
    ['a resync of the revision that is known', event(1, 7, 'resync'), { epoch: 1, revision: 7 }, true],
    ['a resync that something has overtaken', event(1, 6, 'resync'), { epoch: 1, revision: 7 }, false],
    ['a resync from before a restore', event(1, 7, 'resync'), { epoch: 2, revision: 1 }, false],
  ])('says of %s', (_, given, known, newer) => {
    expect(isNewer(given, known)).toBe(newer);
  });
});

describe(compareOrder, () => {
  it('sorts by epoch, then by sequence', () => {
    const places = [
      { epoch: 2, sequence: 1 },
      { epoch: 1, sequence: 10 },
      { epoch: 1, sequence: 9 },
    ];

    expect(places.toSorted(compareOrder)).toStrictEqual([places[2], places[1], places[0]]);
    expect(compareOrder({ epoch: 1, sequence: 1 }, { epoch: 1, sequence: 1 })).toBe(0);
  });
});
