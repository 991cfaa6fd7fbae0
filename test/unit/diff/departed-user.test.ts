import { describe, expect, it } from 'vitest';
import { diffSweep } from '../../../src/diff/diff-sweep.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { aContext, aDeparture, anAbsentUser, anEntry, at, aUser, depart } from '../../support/builders.ts';

describe('a concluded departure', () => {
  it('leaves a tombstone with the last known state and says why', () => {
    const entry = anEntry({ user: aUser({ title: 'Dr' }), revision: 4 });
    const departure = aDeparture({ entry, absence: anAbsentUser({ missedSweeps: 3, lastSeenAt: at(20) }) });

    expect(diffSweep({ observed: [], departed: [departure] }, aContext())).toStrictEqual([
      {
        entry: { ...entry, revision: 5, presence: 'gone', observedAt: at(60), deletedAt: at(60) },
        pair: 'none',
        priorDigest: entry.digest,
        counts: { pairs: -1, live: -1, tombstones: 1 },
        change: {
          type: 'deleted',
          origin: 'live',
          reason: { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 3, lastSeenAt: at(20) } },
          window: { notBefore: at(20), notAfter: at(60) },
          diff: { changedFields: [], before: {}, status: { from: 'active', to: 'deleted', rawFrom: 'enabled' } },
        },
      },
    ] satisfies StagedTransition[]);
  });

  it('gives no last sight where none is known, and begins its window when the entry was accepted', () => {
    const absence = { keyHash: 'aa', missedSweeps: 1 };

    const change = depart(aDeparture({ absence }))?.change;

    expect(change?.reason).toStrictEqual({ code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 1 } });
    expect(change?.window).toStrictEqual({ notBefore: at(0), notAfter: at(60) });
  });

  it('begins its window with the entry where an incomplete sweep saw him after the last complete one', () => {
    const departure = aDeparture({
      entry: anEntry({ observedAt: at(30) }),
      absence: anAbsentUser({ lastSeenAt: at(20) }),
    });

    expect(depart(departure)?.change?.window).toStrictEqual({ notBefore: at(30), notAfter: at(60) });
  });

  it('gives no raw status where the vendor never had one', () => {
    const { rawStatus: _, ...user } = aUser();

    expect(depart(aDeparture({ entry: anEntry({ user }) }))?.change?.diff?.status).toStrictEqual({
      from: 'active',
      to: 'deleted',
    });
  });
});
