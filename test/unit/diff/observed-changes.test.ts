import { describe, expect, it } from 'vitest';
import { diffSweep } from '../../../src/diff/diff-sweep.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { userId } from '../../../src/model/ids.ts';
import {
  aContext,
  anEntry,
  anObservedUser,
  aProjection,
  aSuspect,
  at,
  aUser,
  digestOf,
  keyHashOf,
  observe,
} from '../../support/builders.ts';

describe('an observation in a live sweep', () => {
  it('creates a user nobody knew', () => {
    const suspect = aSuspect({ user: aUser(), lastSeenAt: at(30) });

    expect(diffSweep({ observed: [suspect], departed: [] }, aContext())).toStrictEqual([
      {
        entry: {
          userId: userId('42'),
          keyHash: keyHashOf('42'),
          revision: 1,
          presence: 'live',
          user: aUser(),
          digest: digestOf(aUser()),
          projectionVersion: aProjection().version,
          observedAt: at(60),
        },
        pair: 'digest',
        counts: { pairs: 1, live: 1, tombstones: 0 },
        change: {
          type: 'created',
          origin: 'live',
          reason: { code: 'appeared' },
          window: { notBefore: at(30), notAfter: at(60) },
          diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
        },
      },
    ] satisfies StagedTransition[]);
  });

  it('updates a user whose fields changed', () => {
    const after = aUser({ title: 'Dr', bio: 'not projected' });
    const entry = anEntry({ user: aUser({ title: 'Miss' }), revision: 6 });

    expect(observe(aSuspect({ user: after, entry }))).toStrictEqual({
      entry: { ...entry, revision: 7, user: after, digest: digestOf(after), observedAt: at(60) },
      pair: 'digest',
      priorDigest: entry.digest,
      counts: { pairs: 0, live: 0, tombstones: 0 },
      change: {
        type: 'updated',
        origin: 'live',
        reason: { code: 'fields_changed' },
        window: { notBefore: at(0), notAfter: at(60) },
        diff: { changedFields: ['title'], before: { title: 'Miss' } },
      },
    } satisfies StagedTransition);
  });

  it('makes one status change of a new status and new fields', () => {
    const after = aUser({ title: 'Dr', status: 'suspended', rawStatus: 'locked' });

    expect(observe(aSuspect({ user: after, entry: anEntry() }))?.change).toStrictEqual({
      type: 'status_changed',
      origin: 'live',
      reason: { code: 'status_changed' },
      window: { notBefore: at(0), notAfter: at(60) },
      diff: {
        changedFields: ['rawStatus', 'status', 'title'],
        before: { rawStatus: 'enabled', status: 'active' },
        status: { from: 'active', to: 'suspended', rawFrom: 'enabled', rawTo: 'locked' },
      },
    });
  });

  it('makes a status change of the vendor’s word alone', () => {
    expect(observe(aSuspect({ user: aUser({ rawStatus: 'ENABLED' }), entry: anEntry() }))?.change).toStrictEqual({
      type: 'status_changed',
      origin: 'live',
      reason: { code: 'status_changed' },
      window: { notBefore: at(0), notAfter: at(60) },
      diff: {
        changedFields: ['rawStatus'],
        before: { rawStatus: 'enabled' },
        status: { from: 'active', to: 'active', rawFrom: 'enabled', rawTo: 'ENABLED' },
      },
    });
  });

  it('says nothing of a user about whom nothing changed that counts', () => {
    const entry = anEntry({ user: aUser({ groups: [{ id: '1', name: 'old' }] }) });
    const user = aUser({ groups: [{ id: '1', name: 'new' }], lastLoginAt: at(50), vendorAttributes: { plan: 'x' } });

    expect(observe(aSuspect({ user, entry }))).toBeUndefined();
  });

  it('says nothing of a user whose status is missing', () => {
    const { status: _, rawStatus: __, ...observed } = aUser();

    expect(observe(aSuspect({ user: observed, entry: anEntry() }))).toBeUndefined();
  });

  it('updates a user whose status is missing, and keeps the status', () => {
    const user = anObservedUser({ displayName: 'Ada', title: 'Dr' });

    const transition = observe(aSuspect({ user, entry: anEntry() }));

    expect(transition?.entry.user).toStrictEqual(aUser({ title: 'Dr' }));
    expect(transition?.change?.type).toBe('updated');
  });

  it('keeps a field the vendor blanks now and then, without a word', () => {
    const entry = anEntry({ user: aUser({ emails: [{ value: 'ada@example.com' }] }) });

    expect(observe(aSuspect({ user: aUser(), entry }))).toBeUndefined();
  });

  it('makes a status change of a status that became unknown', () => {
    const user = aUser({ status: 'unknown', rawStatus: 'zombie' });

    expect(observe(aSuspect({ user, entry: anEntry() }))?.change?.diff?.status).toStrictEqual({
      from: 'active',
      to: 'unknown',
      rawFrom: 'enabled',
      rawTo: 'zombie',
    });
  });

  it('creates a user without a status as unknown', () => {
    const user = anObservedUser();

    expect(observe(aSuspect({ user }))?.change?.diff).toStrictEqual({
      changedFields: [],
      before: {},
      status: { to: 'unknown' },
    });
  });

  it('takes in a new digest without a word where only the key of the digests changed', () => {
    const entry = anEntry({ digest: 'f'.repeat(16) });

    expect(observe(aSuspect({ entry }))).toStrictEqual({
      entry: { ...entry, revision: 2, digest: digestOf(aUser()), observedAt: at(60) },
      pair: 'digest',
      priorDigest: entry.digest,
      counts: { pairs: 0, live: 0, tombstones: 0 },
    });
  });
});
