import { describe, expect, it } from 'vitest';
import type { DiffContext } from '../../../src/diff/diff-sweep.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { ProjectedField } from '../../../src/model/projected-field.ts';
import { aContext, anEntry, aProjection, aSuspect, at, aUser, digestOf, observe } from '../../support/builders.ts';

const earlier = aProjection([{ path: 'title' }, { path: 'bio' }]);

/** A sweep under other fields than those an entry was written under. */
function contextFor(fields: readonly ProjectedField[], isOnRecord = true): DiffContext {
  return aContext({
    projection: aProjection(fields),
    meaningsOf: (version) => (isOnRecord && version === earlier.version ? earlier.meanings : undefined),
  });
}

/** What is said and taken in when a user known under `earlier` is observed in another context. */
function absorb(before: CanonicalUser, after: CanonicalUser, context: DiffContext) {
  const transition = observe(aSuspect({ user: after, entry: anEntry({ user: before, projection: earlier }) }), context);
  const { digest, projectionVersion, revision } = transition?.entry ?? {};
  return { changedFields: transition?.change?.diff?.changedFields, taken: { digest, projectionVersion, revision } };
}

function taken(user: CanonicalUser, { projection }: DiffContext) {
  return { digest: digestOf(user, projection), projectionVersion: projection.version, revision: 2 };
}

describe('an entry of another projection version', () => {
  it.each<[string, readonly ProjectedField[]]>([
    ['is new', [{ path: 'title' }, { path: 'bio' }, { path: 'timezone' }]],
    ['got another meaning', [{ path: 'title' }, { path: 'bio' }, { path: 'timezone', since: 2 }]],
  ])('is absorbed silently as to a field that %s, while other fields still speak', (_, fields) => {
    const context = contextFor(fields);
    const [quiet, loud] = [aUser({ timezone: 'UTC' }), aUser({ timezone: 'UTC', title: 'Dr' })];

    expect(absorb(aUser(), quiet, context)).toStrictEqual({ changedFields: undefined, taken: taken(quiet, context) });
    expect(absorb(aUser(), loud, context)).toStrictEqual({ changedFields: ['title'], taken: taken(loud, context) });
  });

  it.each<ProjectedField>([
    { path: 'bio', since: 2 },
    { path: 'bio', shapedBy: 'html' },
    { path: 'bio', compareById: true },
  ])('is absorbed silently as to a field that was redefined: %o', (redefined) => {
    const context = contextFor([{ path: 'title' }, redefined]);
    const after = aUser({ bio: 'new', title: 'Dr' });

    expect(absorb(aUser({ bio: 'old' }), after, context).changedFields).toStrictEqual(['title']);
  });

  it('is absorbed silently as to a field that was dropped', () => {
    const context = contextFor([{ path: 'title' }]);
    const [before, quiet, loud] = [aUser({ bio: 'old' }), aUser({ bio: 'new' }), aUser({ title: 'Dr' })];

    expect(absorb(before, quiet, context)).toStrictEqual({ changedFields: undefined, taken: taken(quiet, context) });
    expect(absorb(before, loud, context)).toStrictEqual({ changedFields: ['title'], taken: taken(loud, context) });
  });

  it('is absorbed as far as the status where nobody knows its version', () => {
    const context = contextFor([{ path: 'title' }], false);
    const unknownTitle = aUser({ title: 'Dr' });
    const suspended = aUser({ title: 'Dr', status: 'suspended', rawStatus: 'locked' });

    expect(absorb(aUser(), unknownTitle, context).changedFields).toBeUndefined();
    expect(absorb(aUser(), suspended, context).changedFields).toStrictEqual(['rawStatus', 'status']);
  });

  it('tells of a vendor-reported deletion whatever its version', () => {
    const context = contextFor([], false);
    const entry = anEntry({ projection: earlier });

    expect(observe(aSuspect({ user: aUser({ status: 'deleted' }), entry }), context)?.change?.type).toBe('deleted');
  });

  it('speaks of every field again once it was rewritten', () => {
    const context = contextFor([{ path: 'title' }, { path: 'timezone' }]);
    const entry = anEntry({ projection: earlier });
    const first = observe(aSuspect({ user: aUser({ timezone: 'UTC' }), entry }), context);

    const second = observe(
      aSuspect({ user: aUser({ timezone: 'CET' }), observedAt: at(120), ...(first && { entry: first.entry }) }),
      context,
    );

    expect(second?.change?.diff).toStrictEqual({ changedFields: ['timezone'], before: { timezone: 'UTC' } });
  });

  it('is absorbed by a rollback, too', () => {
    const later = aProjection([{ path: 'title' }, { path: 'bio' }, { path: 'timezone' }]);
    const context = aContext({ projection: earlier, meaningsOf: () => later.meanings });
    const entry = anEntry({ user: aUser({ timezone: 'UTC' }), projection: later });

    expect(
      observe(aSuspect({ user: aUser({ bio: 'new' }), entry }), context)?.change?.diff?.changedFields,
    ).toStrictEqual(['bio']);
    expect(observe(aSuspect({ user: aUser(), entry }), context)?.change).toBeUndefined();
  });

  it('is told from an entry of this version by its digest', () => {
    const later = aProjection([{ path: 'title' }, { path: 'bio' }, { path: 'timezone' }]);

    expect(digestOf(aUser({ title: 'Dr' }), later)).not.toBe(digestOf(aUser({ title: 'Dr' }), earlier));
  });

  it('speaks of a new field that changes after a sweep in which nothing changed', () => {
    const context = contextFor([{ path: 'title' }, { path: 'bio' }, { path: 'timezone' }]);
    const entry = anEntry({ projection: earlier });
    const first = observe(aSuspect({ entry }), context);

    const second = observe(
      aSuspect({ user: aUser({ timezone: 'CET' }), observedAt: at(120), entry: first?.entry ?? entry }),
      context,
    );

    expect(second?.change?.diff?.changedFields).toStrictEqual(['timezone']);
  });

  it('tells of a deletion also where the status has got another meaning', () => {
    const meanings = new Map([...earlier.meanings, ['status', 'another'], ['rawStatus', 'another']] as const);
    const context = aContext({ projection: earlier, meaningsOf: () => meanings });
    const entry = { ...anEntry(), projectionVersion: 'another' };

    const change = observe(
      aSuspect({ user: aUser({ status: 'deleted', rawStatus: 'removed' }), entry }),
      context,
    )?.change;

    expect([change?.type, change?.diff]).toStrictEqual([
      'deleted',
      {
        changedFields: [],
        before: {},
        status: { from: 'active', to: 'deleted', rawFrom: 'enabled', rawTo: 'removed' },
      },
    ]);
  });
});
