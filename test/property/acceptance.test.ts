import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptUser } from '../../src/diff/accept-user.ts';
import { fieldText } from '../../src/diff/projection.ts';
import type { CanonicalUser, ObservedUser } from '../../src/model/canonical-user.ts';
import type { ProjectedField } from '../../src/model/projected-field.ts';
import { aContext, anEntry, aProjection, aSuspect, at, observe } from '../support/builders.ts';
import { respelled, someFields, twoAlike } from './arbitraries.ts';

/** An allow-list some of whose fields the vendor blanks now and then. */
const fields: fc.Arbitrary<readonly ProjectedField[]> = fc
  .tuple(someFields, fc.infiniteStream(fc.boolean()))
  .map(([listed, coins]) => listed.map((field) => (coins.next().value ? { ...field, keepWhenAbsent: true } : field)));

/** Rows that show some status and rows that show none. */
const twoRows = fc.tuple(twoAlike, fc.boolean()).map(([[before, { status, rawStatus, ...row }], isShown]) => {
  const said = { status, ...(rawStatus !== undefined && { rawStatus }) };
  return [before, (isShown ? { ...row, ...said } : row) as ObservedUser] as const;
});

/** Whose word counts for a field: the row's, unless it says nothing and that means nothing. */
function believed(field: ProjectedField, before: CanonicalUser, row: ObservedUser): ObservedUser {
  if (field.path === 'rawStatus') return row.status === undefined ? before : row;
  return field.keepWhenAbsent && fieldText(row, field) === undefined ? before : row;
}

describe(acceptUser, () => {
  it('accepts of every field what the row shows, or else what was known where that may be', () => {
    fc.assert(
      fc.property(twoRows, fields, ([before, row], listed) => {
        const projection = aProjection(listed);

        const accepted = acceptUser(before, row, projection);

        for (const field of projection.fields)
          expect(fieldText(accepted, field)).toBe(fieldText(believed(field, before, row), field));
      }),
    );
  });
});

describe('an observation', () => {
  it('says nothing when the same row comes again, however it is spelled', () => {
    fc.assert(
      fc.property(twoRows, fields, fc.nat(20), ([before, row], listed, turn) => {
        const projection = aProjection(listed);
        const context = aContext({ projection });
        const known = anEntry({ user: before, projection });
        const entry = observe(aSuspect({ user: row, entry: known }), context)?.entry ?? known;

        const again = respelled(row as CanonicalUser, turn);
        const second = observe(aSuspect({ user: again, entry, observedAt: at(120) }), context);

        expect(second).toBeUndefined();
      }),
    );
  });

  it('says of an entry of another version what changed in fields that mean the same, and takes in the rest', () => {
    const since = fc.constantFrom(1, 1, 2);
    const versioned = fc
      .tuple(someFields, fc.infiniteStream(since))
      .map(([listed, stream]) => listed.map((field) => ({ ...field, since: stream.next().value ?? 1 })));
    fc.assert(
      fc.property(twoAlike, versioned, versioned, ([before, after], then, now) => {
        const earlier = aProjection(then);
        const projection = aProjection(now);
        const context = aContext({ projection, meaningsOf: () => earlier.meanings });
        const entry = anEntry({ user: { ...before, status: 'active' }, projection: earlier });
        const user = { ...after, status: 'active' } as const;
        const spoken = projection.fields
          .filter(({ path }) => earlier.meanings.get(path) === projection.meanings.get(path))
          .filter((field) => fieldText(entry.user, field) !== fieldText(user, field));

        const transition = observe(aSuspect({ user, entry }), context);

        expect(transition?.change?.diff?.changedFields ?? []).toStrictEqual(spoken.map(({ path }) => path));
        if (transition) expect(observe(aSuspect({ user, entry: transition.entry }), context)).toBeUndefined();
      }),
    );
  });

  it('creates whoever was not known, and a stranger in another directory as if he were not', () => {
    fc.assert(
      fc.property(twoAlike, fields, ([stranger, { status, ...row }], listed) => {
        const user = { ...row, status: status === 'deleted' ? 'active' : status } as const;
        const projection = aProjection(listed);
        const policy = { purpose: 'baseline', baseline: 'emit', sameDirectory: false } as const;
        const entry = anEntry({ user: stranger, projection });

        const unknown = observe(aSuspect({ user }), aContext({ projection, policy }));
        const mistaken = observe(aSuspect({ user, entry }), aContext({ projection, policy }));

        expect(mistaken?.entry).toStrictEqual({ ...unknown?.entry, revision: 2 });
        expect(mistaken?.change?.diff).toStrictEqual(unknown?.change?.diff);
      }),
    );
  });
});
