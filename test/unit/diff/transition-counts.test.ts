import { describe, expect, it } from 'vitest';
import type { CountDeltas } from '../../../src/model/log-batch.ts';
import type { Presence, SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { aContext, aDeparture, anEntry, aSuspect, aUser, depart, observe } from '../../support/builders.ts';

const users = { live: aUser(), reported_deleted: aUser({ status: 'deleted' }) };
const presences = ['live', 'reported_deleted', 'gone'] as const;

function entryOf(presence: Presence): SnapshotEntry {
  return anEntry({ user: users[presence === 'gone' ? 'live' : presence], presence });
}

/** What a snapshot of this entry counts. */
function countsOf(entry: SnapshotEntry | undefined): CountDeltas {
  const presence = entry?.presence;
  return {
    pairs: presence === undefined || presence === 'gone' ? 0 : 1,
    live: presence === 'live' ? 1 : 0,
    tombstones: presence === 'gone' ? 1 : 0,
  };
}

function difference(after: CountDeltas, before: CountDeltas): CountDeltas {
  return {
    pairs: after.pairs - before.pairs,
    live: after.live - before.live,
    tombstones: after.tombstones - before.tombstones,
  };
}

const policies = [
  { purpose: 'live', sameDirectory: true },
  { purpose: 'baseline', sameDirectory: true },
  { purpose: 'baseline', sameDirectory: false },
  { purpose: 'rescope', sameDirectory: true },
] as const;

describe.each(policies)('the counts of a transition in a $purpose sweep (same directory: $sameDirectory)', (policy) => {
  const context = aContext({ policy });

  it.each(
    [undefined, ...presences].flatMap((before) =>
      (['live', 'reported_deleted'] as const).map((after) => ({ before, after })),
    ),
  )('are the difference of the snapshots from $before to $after', ({ before, after }) => {
    const entry = before && entryOf(before);
    const user = { ...users[after], title: 'Dr' };

    const transition = observe(aSuspect({ user, ...(entry && { entry }) }), context);

    expect(transition?.entry.presence).toBe(after);
    expect(transition?.counts).toStrictEqual(difference(countsOf(transition?.entry), countsOf(entry)));
    expect(transition?.entry.revision).toBe(before === undefined ? 1 : 2);
  });

  it.each(['live', 'reported_deleted'] as const)('are the difference of the snapshots from %s to gone', (before) => {
    const entry = entryOf(before);

    const transition = depart(aDeparture({ entry }), context);

    expect(transition?.entry.presence).toBe('gone');
    expect(transition?.counts).toStrictEqual(difference(countsOf(transition?.entry), countsOf(entry)));
    expect(transition?.entry.revision).toBe(2);
  });
});
