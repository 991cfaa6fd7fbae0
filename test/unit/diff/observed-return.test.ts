import { describe, expect, it } from 'vitest';
import {
  aContext,
  aDeparture,
  anEntry,
  anObservedUser,
  aSuspect,
  at,
  aUser,
  depart,
  observe,
} from '../../support/builders.ts';

describe('a user who comes back', () => {
  it('is created as restored, with a revision that goes on and no tombstone left', () => {
    const entry = anEntry({ presence: 'gone', revision: 8, observedAt: at(30), deletedAt: at(30) });

    expect(observe(aSuspect({ entry }))).toStrictEqual({
      entry: anEntry({ revision: 9, observedAt: at(60) }),
      pair: 'digest',
      counts: { pairs: 1, live: 1, tombstones: -1 },
      change: {
        type: 'created',
        origin: 'live',
        reason: { code: 'reappeared' },
        window: { notBefore: at(30), notAfter: at(60) },
        diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
        restored: true,
      },
    });
  });

  it('is restored, too, when the vendor takes a reported deletion back', () => {
    const entry = anEntry({ user: aUser({ status: 'deleted' }), deletedAt: at(10) });

    const transition = observe(aSuspect({ entry }));

    expect(transition?.counts).toStrictEqual({ pairs: 0, live: 1, tombstones: 0 });
    expect(transition?.entry).toStrictEqual(anEntry({ revision: 2, observedAt: at(60) }));
    expect(transition?.change).toStrictEqual({
      type: 'created',
      origin: 'live',
      reason: { code: 'reappeared' },
      window: { notBefore: at(0), notAfter: at(60) },
      diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
      restored: true,
    });
  });

  it.each([
    ['was first seen deleted', anEntry({ user: aUser({ status: 'deleted' }) })],
    ['had left silently', anEntry({ presence: 'gone' })],
  ])('is created but not restored where he %s, as no deletion was ever published', (_, entry) => {
    const change = observe(aSuspect({ entry }))?.change;

    expect(change).not.toHaveProperty('restored');
    expect(change?.type).toBe('created');
    expect(change?.reason).toStrictEqual({ code: 'appeared' });
  });

  it.each([
    ['before', 31, undefined],
    ['with', 30, true],
    ['after', 29, true],
  ] as const)(
    'is restored only where his deletion was told of this directory: it was %s its baseline',
    (_, since, restored) => {
      const entry = anEntry({ presence: 'gone', deletedAt: at(30) });

      const change = observe(aSuspect({ entry }), aContext({ policy: { directorySince: at(since) } }))?.change;

      expect([change?.type, change?.restored]).toStrictEqual(['created', restored]);
    },
  );

  it('is deleted, restored and deleted again with four revisions', () => {
    const departed = depart(aDeparture({ entry: anEntry() }));
    const back = observe(aSuspect({ observedAt: at(120), ...(departed && { entry: departed.entry }) }));
    const again = depart(aDeparture({ observedAt: at(180), ...(back && { entry: back.entry }) }));

    const story = [departed, back, again].map((step) => [
      step?.change?.type,
      step?.entry.revision,
      step?.entry.deletedAt,
    ]);
    expect(story).toStrictEqual([
      ['deleted', 2, at(60)],
      ['created', 3, undefined],
      ['deleted', 4, at(180)],
    ]);
  });

  it('is created again although his row shows no status any more', () => {
    const entry = anEntry({ user: aUser({ status: 'deleted' }), presence: 'gone', deletedAt: at(10) });

    const change = observe(aSuspect({ user: anObservedUser({ displayName: 'Ada' }), entry }))?.change;

    expect(change?.type).toBe('created');
  });
});
