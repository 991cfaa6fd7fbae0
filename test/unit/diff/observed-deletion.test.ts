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
  digestOf,
  observe,
} from '../../support/builders.ts';

const deleted = aUser({ status: 'deleted', rawStatus: 'removed' });

describe('a deletion that the vendor reports', () => {
  it('is an event of its own, whatever else changed', () => {
    const user = { ...deleted, title: 'Dr' };
    const entry = anEntry({ revision: 3 });

    expect(observe(aSuspect({ user, entry }))).toStrictEqual({
      entry: {
        ...entry,
        revision: 4,
        presence: 'reported_deleted',
        user,
        digest: digestOf(user),
        observedAt: at(60),
        deletedAt: at(60),
      },
      pair: 'digest',
      priorDigest: entry.digest,
      counts: { pairs: 0, live: -1, tombstones: 0 },
      change: {
        type: 'deleted',
        origin: 'live',
        reason: { code: 'vendor_reported' },
        window: { notBefore: at(0), notAfter: at(60) },
        diff: {
          changedFields: ['rawStatus', 'status', 'title'],
          before: { rawStatus: 'enabled', status: 'active' },
          status: { from: 'active', to: 'deleted', rawFrom: 'enabled', rawTo: 'removed' },
        },
      },
    });
  });

  it('is said once: the next list that shows it says nothing', () => {
    const first = observe(aSuspect({ user: deleted, entry: anEntry() }));

    expect(
      observe(aSuspect({ user: deleted, ...(first && { entry: first.entry }), observedAt: at(120) })),
    ).toBeUndefined();
  });

  it('is silent where other fields of the deleted user change', () => {
    const entry = anEntry({ user: deleted, deletedAt: at(0) });
    const user = { ...deleted, title: 'late', rawStatus: 'purged' };

    expect(observe(aSuspect({ user, entry }))).toStrictEqual({
      entry: { ...entry, revision: 2, user, digest: digestOf(user), observedAt: at(60) },
      pair: 'digest',
      priorDigest: entry.digest,
      counts: { pairs: 0, live: 0, tombstones: 0 },
    });
  });

  it('is silent for a user who is first seen deleted, and remembers no deletion', () => {
    expect(observe(aSuspect({ user: deleted }))).toStrictEqual({
      entry: anEntry({ user: deleted, observedAt: at(60) }),
      pair: 'digest',
      counts: { pairs: 1, live: 0, tombstones: 0 },
    });
  });

  it('yields nothing when the deleted user disappears from the list', () => {
    const entry = anEntry({ user: deleted, deletedAt: at(0) });

    expect(depart(aDeparture({ entry }))).toStrictEqual({
      entry: { ...entry, revision: 2, presence: 'gone', observedAt: at(60) },
      pair: 'none',
      priorDigest: entry.digest,
      counts: { pairs: -1, live: 0, tombstones: 1 },
    });
  });

  it('is not said again of a user whose deletion was concluded from absence before', () => {
    const entry = anEntry({ presence: 'gone', deletedAt: at(0) });

    expect(observe(aSuspect({ user: deleted, entry }))).toStrictEqual({
      entry: {
        ...anEntry({ user: deleted, observedAt: at(60), deletedAt: at(0) }),
        revision: 2,
      },
      pair: 'digest',
      counts: { pairs: 1, live: 0, tombstones: -1 },
    });
  });

  it('stays as it is while the status is missing', () => {
    const entry = anEntry({ user: deleted, deletedAt: at(0) });

    expect(observe(aSuspect({ user: anObservedUser({ displayName: 'Ada' }), entry }))).toBeUndefined();
  });

  it('leaves no time of deletion where the policy wants silence', () => {
    const context = aContext({ policy: { purpose: 'baseline', baseline: 'silent' } });

    const transition = observe(aSuspect({ user: deleted, entry: anEntry() }), context);

    expect(transition?.change).toBeUndefined();
    expect(transition?.entry).not.toHaveProperty('deletedAt');
  });
});
