import { describe, expect, it } from 'vitest';
import { diffSweep } from '../../../src/diff/diff-sweep.ts';
import { sharedKeyDigest, toHex } from '../../../src/diff/digest.ts';
import { foldShard } from '../../../src/diff/index-shard.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import {
  aContext,
  aDeparture,
  anEntry,
  aSuspect,
  aUser,
  collidingDigester,
  depart,
  digestOf,
  keyHashOf,
  observe,
} from '../../support/builders.ts';

const context = aContext({ digester: collidingDigester });
const keyHash = keyHashOf('1', collidingDigester);
const [one, two] = [aUser({ id: '1' }), aUser({ id: '2' })];
const known = { digester: collidingDigester };

/** The pair that transitions leave in the index, applied in order. */
function pairAfter(before: string, transitions: readonly (StagedTransition | undefined)[]): string {
  const changes = transitions.flatMap((transition) => {
    if (transition === undefined) return [];
    const digests = { digest: transition.entry.digest, shared: sharedKeyDigest, none: null };
    return [{ keyHash, digest: digests[transition.pair] }];
  });
  return toHex(foldShard(Buffer.from(before, 'hex'), changes)).slice(keyHash.length);
}

describe('two users who share a key hash', () => {
  it('share the pair of the one who was there first, from the second one’s creation on', () => {
    const transition = observe(aSuspect({ ...known, user: two, pair: 'present' }), context);

    expect(transition).toStrictEqual({
      entry: { ...anEntry({ ...known, user: two }), observedAt: transition?.entry.observedAt },
      pair: 'shared',
      counts: { pairs: 0, live: 1, tombstones: 0 },
      change: expect.objectContaining({ type: 'created' }),
    });
  });

  it('share the pair, too, when the second one comes back from the dead', () => {
    const entry = anEntry({ ...known, user: two, presence: 'gone' });

    const transition = observe(aSuspect({ ...known, user: two, entry, pair: 'present' }), context);

    expect([transition?.pair, transition?.counts]).toStrictEqual(['shared', { pairs: 0, live: 1, tombstones: -1 }]);
  });

  it('keep sharing when one of them changes', () => {
    const entry = anEntry({ ...known, user: one });

    const transition = observe(aSuspect({ ...known, user: { ...one, title: 'Dr' }, entry, pair: 'shared' }), context);

    expect([transition?.pair, transition?.counts]).toStrictEqual(['shared', { pairs: 0, live: 0, tombstones: 0 }]);
    expect(transition?.change?.type).toBe('updated');
  });

  it('keep sharing when one of them leaves, and when the other one leaves', () => {
    const departures = [one, two].map((user) => aDeparture({ entry: anEntry({ ...known, user }), pair: 'shared' }));

    const transitions = departures.map((departure) => depart(departure, context));

    expect(transitions.map((transition) => [transition?.pair, transition?.counts])).toStrictEqual([
      ['shared', { pairs: 0, live: -1, tombstones: 1 }],
      ['shared', { pairs: 0, live: -1, tombstones: 1 }],
    ]);
    expect(transitions.map((transition) => transition?.change?.type)).toStrictEqual(['deleted', 'deleted']);
  });

  it('keep sharing when one comes back to a shared pair', () => {
    const entry = anEntry({ ...known, user: one, presence: 'gone' });

    const transition = observe(aSuspect({ ...known, user: one, entry, pair: 'shared' }), context);

    expect([transition?.pair, transition?.counts]).toStrictEqual(['shared', { pairs: 0, live: 1, tombstones: -1 }]);
  });

  it('are silent both while nothing changes, though neither digest stands in the index', () => {
    const observed = [one, two].map((user) =>
      aSuspect({ ...known, user, entry: anEntry({ ...known, user }), pair: 'shared' }),
    );

    expect(diffSweep({ observed, departed: [] }, context)).toStrictEqual([]);
  });

  it('leave the mark in the index when the known one changes before the new one is created', () => {
    const changed = observe(
      aSuspect({ ...known, user: { ...one, title: 'Dr' }, entry: anEntry({ ...known, user: one }) }),
      context,
    );
    const created = observe(aSuspect({ ...known, user: two, pair: 'present' }), context);

    expect(pairAfter(keyHash + digestOf(one), [changed, created])).toBe(sharedKeyDigest);
  });

  it('leave the mark in the index when the known one changes after the new one is created', () => {
    const created = observe(aSuspect({ ...known, user: two, pair: 'present' }), context);
    const changed = observe(
      aSuspect({ ...known, user: { ...one, title: 'Dr' }, entry: anEntry({ ...known, user: one }) }),
      context,
    );

    expect(pairAfter(keyHash + digestOf(one), [created, changed])).toBe(sharedKeyDigest);
  });

  it('have different digests even where they are the same in every field', () => {
    expect(digestOf(two)).not.toBe(digestOf(one));
  });
});
