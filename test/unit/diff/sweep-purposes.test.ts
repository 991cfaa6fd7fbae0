import { describe, expect, it } from 'vitest';
import type { SweepPolicy } from '../../../src/diff/sweep-policy.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import {
  aContext,
  aDeparture,
  anEntry,
  aSuspect,
  at,
  aUser,
  depart,
  digestOf,
  observe,
} from '../../support/builders.ts';

const deleted = aUser({ status: 'deleted' });
const gone = anEntry({ presence: 'gone', deletedAt: at(0) });

type Case = {
  readonly name: string;
  readonly user: CanonicalUser;
  readonly entry?: SnapshotEntry;
  readonly change: readonly [type: string, origin: string, reason: string] | undefined;
};

/** Type, origin and reason of the event of each case under a policy. */
function changesUnder(policy: Partial<SweepPolicy>, cases: readonly Case[]) {
  return cases.map(({ name, user, entry }) => {
    const change = observe(aSuspect({ user, ...(entry && { entry }) }), aContext({ policy }))?.change;
    return [name, change && [change.type, change.origin, change.reason.code]];
  });
}

function expected(cases: readonly Case[]) {
  return cases.map(({ name, change }) => [name, change]);
}

describe('a silent baseline', () => {
  it('takes a user in without a word', () => {
    const context = aContext({ policy: { purpose: 'baseline' } });

    expect(observe(aSuspect(), context)).toStrictEqual({
      entry: anEntry({ observedAt: at(60) }),
      pair: 'digest',
      counts: { pairs: 1, live: 1, tombstones: 0 },
    });
  });

  it('is silent about everything else, too', () => {
    const cases: readonly Case[] = [
      { name: 'changed', user: aUser({ title: 'Dr' }), entry: anEntry(), change: undefined },
      { name: 'suspended', user: aUser({ status: 'suspended' }), entry: anEntry(), change: undefined },
      { name: 'deleted', user: deleted, entry: anEntry(), change: undefined },
      { name: 'came back', user: aUser(), entry: gone, change: undefined },
    ];

    expect(changesUnder({ purpose: 'baseline' }, cases)).toStrictEqual(expected(cases));
  });
});

describe('a baseline that emits', () => {
  it('creates everyone it takes in, with origin and reason baseline, and nobody who is deleted', () => {
    const cases: readonly Case[] = [
      { name: 'new', user: aUser(), change: ['created', 'baseline', 'baseline'] },
      { name: 'new but deleted', user: deleted, change: undefined },
    ];

    expect(changesUnder({ purpose: 'baseline', baseline: 'emit' }, cases)).toStrictEqual(expected(cases));
  });
});

describe('a rescope', () => {
  const inBoth: readonly Case[] = [
    { name: 'unchanged', user: aUser(), entry: anEntry(), change: undefined },
    {
      name: 'changed',
      user: aUser({ title: 'Dr' }),
      entry: anEntry(),
      change: ['updated', 'repair', 'fields_changed'],
    },
    {
      name: 'suspended',
      user: aUser({ status: 'suspended' }),
      entry: anEntry(),
      change: ['status_changed', 'repair', 'status_changed'],
    },
    { name: 'reported deleted', user: deleted, entry: anEntry(), change: ['deleted', 'repair', 'vendor_reported'] },
  ];

  it('repairs those in both lists and takes those only in the new one in silently', () => {
    const cases: readonly Case[] = [...inBoth, { name: 'only in the new list', user: aUser(), change: undefined }];

    expect(changesUnder({ purpose: 'rescope' }, cases)).toStrictEqual(expected(cases));
  });

  it('takes those only in the new list in as a baseline that emits would', () => {
    const cases: readonly Case[] = [
      ...inBoth,
      { name: 'only in the new list', user: aUser(), change: ['created', 'baseline', 'baseline'] },
    ];

    expect(changesUnder({ purpose: 'rescope', baseline: 'emit' }, cases)).toStrictEqual(expected(cases));
  });
});

describe('the window of a rescope', () => {
  it.each([
    ['is bounded for whoever was known before', anEntry(), { notBefore: at(0), notAfter: at(60) }],
    ['is open for whoever becomes known', undefined, { notAfter: at(60) }],
  ] as const)('%s', (_, entry, window) => {
    const context = aContext({ policy: { purpose: 'rescope', baseline: 'emit' } });
    const suspect = aSuspect({ user: aUser({ title: 'Dr' }), lastSeenAt: at(0), ...(entry && { entry }) });

    expect(observe(suspect, context)?.change?.window).toStrictEqual(window);
  });
});

describe('a live sweep after entries were lost', () => {
  const changed: Case = {
    name: 'changed',
    user: aUser({ title: 'Dr' }),
    entry: anEntry(),
    change: ['updated', 'live', 'fields_changed'],
  };

  it.each([
    ['in silence until a list was complete', true, undefined],
    ['as an appearance after that', false, ['created', 'live', 'appeared'] as const],
  ])('takes in whoever has no entry %s, and tells of the others', (_, isOpen, change) => {
    const cases = [{ name: 'without an entry', user: aUser(), change }, changed];

    expect(changesUnder({ purpose: 'live', loss: { revision: 7, isOpen } }, cases)).toStrictEqual(expected(cases));
  });

  it('begins above the revisions that were lost, and goes on from one that was not', () => {
    const context = aContext({ policy: { purpose: 'live', loss: { revision: 7, isOpen: true } } });
    const entry = anEntry({ revision: 3 });

    expect(observe(aSuspect(), context)?.entry.revision).toBe(8);
    expect(observe(aSuspect({ user: aUser({ title: 'Dr' }), entry }), context)?.entry.revision).toBe(4);
  });
});

describe('a departure outside of a live sweep', () => {
  it.each([
    { purpose: 'rescope', sameDirectory: true, baseline: 'silent' },
    { purpose: 'rescope', sameDirectory: true, baseline: 'emit' },
    { purpose: 'baseline', sameDirectory: false, baseline: 'silent' },
    { purpose: 'baseline', sameDirectory: false, baseline: 'emit' },
  ] as const)('is silent and no deletion: $purpose, $baseline', (policy) => {
    expect(depart(aDeparture(), aContext({ policy }))).toStrictEqual({
      entry: anEntry({ presence: 'gone', revision: 2, observedAt: at(60) }),
      pair: 'none',
      priorDigest: anEntry().digest,
      counts: { pairs: -1, live: -1, tombstones: 1 },
    });
  });
});

describe('a baseline of another directory', () => {
  const stranger = anEntry({ user: aUser({ title: 'Stranger' }), revision: 3 });
  const elsewhere = { purpose: 'baseline', sameDirectory: false } as const;

  it('puts somebody else in the place of the user with his id, silently, with a revision that goes on', () => {
    expect(observe(aSuspect({ entry: stranger }), aContext({ policy: elsewhere }))).toStrictEqual({
      entry: anEntry({ revision: 4, observedAt: at(60) }),
      pair: 'digest',
      counts: { pairs: 0, live: 0, tombstones: 0 },
    });
  });

  it.each([
    ['live', stranger],
    ['gone', { ...stranger, presence: 'gone', deletedAt: at(0) } as const],
    ['the same in every field', anEntry()],
  ])('creates him without a before and not as restored, though the stranger was %s', (_, entry) => {
    const context = aContext({ policy: { ...elsewhere, baseline: 'emit' } });

    const change = observe(aSuspect({ entry }), context)?.change;

    expect({ ...change, window: undefined }).toStrictEqual({
      type: 'created',
      origin: 'baseline',
      reason: { code: 'baseline' },
      window: undefined,
      diff: { changedFields: [], before: {}, status: { to: 'active', rawTo: 'enabled' } },
    });
  });

  it('keeps nothing of the stranger, neither his status nor a field that may be blank', () => {
    const entry = anEntry({ user: aUser({ emails: [{ value: 'stranger@example.com' }], status: 'suspended' }) });
    const { status: _, rawStatus: __, ...user } = aUser();

    const transition = observe(aSuspect({ user, entry }), aContext({ policy: elsewhere }));

    expect(transition?.entry.user).toStrictEqual({ id: '42', displayName: 'Ada', status: 'unknown' });
  });

  it('leaves nothing of a stranger for whoever gets his id later', () => {
    const entry = anEntry({ user: aUser({ emails: [{ value: 'stranger@example.com' }] }) });
    const left = depart(aDeparture({ entry }), aContext({ policy: elsewhere }));

    const later = observe(aSuspect({ observedAt: at(120), ...(left && { entry: left.entry }) }));

    expect(later?.entry.user).toStrictEqual(aUser());
  });

  it('leaves no time of a deletion that a stranger had', () => {
    const entry = anEntry({ user: { ...deleted, title: 'Stranger' }, deletedAt: at(0) });

    const transition = observe(aSuspect({ user: deleted, entry }), aContext({ policy: elsewhere }));

    expect(transition?.entry).not.toHaveProperty('deletedAt');
  });

  it('takes the digest of the new user also where nothing else tells him from the stranger', () => {
    const user = aUser({ title: 'New' });

    expect(observe(aSuspect({ user, entry: stranger }), aContext({ policy: elsewhere }))?.entry.digest).toBe(
      digestOf(user),
    );
  });
});
