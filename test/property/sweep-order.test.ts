import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StagedTransition } from '../../src/diff/staged-transition.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { aDigester, aProjection, at } from '../support/builders.ts';
import { aSmallList } from './arbitraries.ts';
import { createPureFeed } from './pure-feed.ts';

type Pages = readonly (readonly CanonicalUser[])[];

/** What one live sweep does to a feed that begins with a list. */
function sweepAfter(baseline: readonly CanonicalUser[], pages: Pages) {
  const feed = createPureFeed({ projection: aProjection(), digester: aDigester });
  feed.sweep({ pages: [baseline], policy: { purpose: 'baseline' } });
  return feed.sweep({ pages });
}

/** Transitions as a set, without the arrival of their pages. */
function timeless(transitions: readonly StagedTransition[]): readonly string[] {
  return transitions
    .map(({ entry, change, ...rest }) => {
      const window = change && { notAfter: at(0) };
      const deletedAt = entry.deletedAt && at(0);
      return JSON.stringify({
        ...rest,
        entry: { ...entry, observedAt: at(0), deletedAt },
        change: { ...change, window },
      });
    })
    .sort();
}

function cut(users: readonly CanonicalUser[], pageSize: number): Pages {
  return Array.from({ length: Math.ceil(users.length / pageSize) }, (_, page) =>
    users.slice(page * pageSize, (page + 1) * pageSize),
  );
}

function idsOf(transitions: readonly StagedTransition[], type: string) {
  return transitions
    .filter(({ change }) => change?.type === type)
    .map(({ entry }) => entry.userId)
    .sort();
}

describe('a sweep', () => {
  it('does the same in whatever order and pages the vendor lists its users', () => {
    const shuffled = aSmallList(8).chain((users) =>
      fc.tuple(fc.constant(users), fc.shuffledSubarray([...users], { minLength: users.length })),
    );
    fc.assert(
      fc.property(aSmallList(8), shuffled, fc.integer({ min: 1, max: 4 }), (baseline, [users, again], pageSize) => {
        const one = sweepAfter(baseline, [users]);
        const other = sweepAfter(baseline, cut(again, pageSize));

        expect(timeless(other.transitions)).toStrictEqual(timeless(one.transitions));
      }),
    );
  });

  it('creates from one list to another whom it deletes from the other to the one', () => {
    const living = (users: readonly CanonicalUser[]) => users.map((user) => ({ ...user, status: 'active' }) as const);
    fc.assert(
      fc.property(aSmallList(8).map(living), aSmallList(8).map(living), (one, other) => {
        const there = sweepAfter(one, [other]).transitions;
        const back = sweepAfter(other, [one]).transitions;

        expect(idsOf(there, 'created')).toStrictEqual(idsOf(back, 'deleted'));
        expect(idsOf(there, 'deleted')).toStrictEqual(idsOf(back, 'created'));
        expect(idsOf(there, 'updated')).toStrictEqual(idsOf(back, 'updated'));
      }),
    );
  });

  it('lets the later row count where a list shows somebody twice', () => {
    fc.assert(
      fc.property(aSmallList(5), aSmallList(5), aSmallList(5), (baseline, early, late) => {
        const lateIds = new Set(late.map(({ id }) => id));
        const counted = [...early.filter(({ id }) => !lateIds.has(id)), ...late];

        const twice = sweepAfter(baseline, [early, late]);
        const once = sweepAfter(baseline, [counted]);

        expect(timeless(twice.transitions)).toStrictEqual(timeless(once.transitions));
      }),
    );
  });

  it('finds nothing when it reads the same list again', () => {
    fc.assert(
      fc.property(aSmallList(8), (users) => {
        expect(sweepAfter(users, [users.toReversed()]).transitions).toStrictEqual([]);
      }),
    );
  });
});
