import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffUser } from '../../src/diff/diff-user.ts';
import { fieldText, fieldValue, projectionText } from '../../src/diff/projection.ts';
import { composeEvents } from '../../src/events/compose-events.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import type { UserDiff } from '../../src/model/change.ts';
import { aBatch, aChange, anEntry, aProjection, aTransition } from '../support/builders.ts';
import { applyChanges, undoChanges } from './apply-changes.ts';
import { aCanonicalUser, respelled, someFields, twoAlike } from './arbitraries.ts';

/** The changes an event lists for a difference. */
function changesFor(after: CanonicalUser, diff: UserDiff | undefined): UserEvent['data']['changes'] {
  if (diff === undefined) return [];
  const transition = aTransition({ entry: anEntry({ user: after }), change: aChange({ diff }) });
  const [event] = composeEvents(aBatch({ transitions: [transition] }));
  return (event as UserEvent).data.changes;
}

describe(diffUser, () => {
  it('finds nothing between a user and himself, however he is spelled', () => {
    fc.assert(
      fc.property(aCanonicalUser(), someFields, fc.nat(20), (user, fields, turn) => {
        expect(diffUser(user, user, aProjection(fields))).toBeUndefined();
        expect(diffUser(user, respelled(user, turn), aProjection(fields))).toBeUndefined();
      }),
    );
  });

  it('names exactly the projected fields whose text differs, each once, with what they held', () => {
    fc.assert(
      fc.property(twoAlike, someFields, ([before, after], fields) => {
        const projection = aProjection(fields);
        const differing = projection.fields.filter((field) => fieldText(before, field) !== fieldText(after, field));

        const diff = diffUser(before, after, projection);

        expect(diff?.changedFields ?? []).toStrictEqual(differing.map(({ path }) => path));
        const held = { ...before, vendorAttributes: undefined, ...diff?.before } as never;
        for (const { path } of differing) expect(fieldValue(held, path)).toStrictEqual(fieldValue(before, path));
      }),
    );
  });

  it('finds the same fields backwards', () => {
    fc.assert(
      fc.property(twoAlike, someFields, ([before, after], fields) => {
        const projection = aProjection(fields);

        expect(diffUser(after, before, projection)?.changedFields).toStrictEqual(
          diffUser(before, after, projection)?.changedFields,
        );
      }),
    );
  });

  it('leads with its changes from one user to the other, and back', () => {
    fc.assert(
      fc.property(twoAlike, someFields, ([before, after], fields) => {
        const projection = aProjection(fields);

        const changes = changesFor(after, diffUser(before, after, projection));

        expect(projectionText(applyChanges(before, changes), projection)).toBe(projectionText(after, projection));
        expect(projectionText(undoChanges(after, changes), projection)).toBe(projectionText(before, projection));
      }),
    );
  });

  it('tells of a status exactly when the status or the vendor’s word for it differs', () => {
    fc.assert(
      fc.property(twoAlike, someFields, ([before, after], fields) => {
        const status = diffUser(before, after, aProjection(fields))?.status;

        const differs = before.status !== after.status || before.rawStatus !== after.rawStatus;
        expect(status !== undefined).toBe(differs);
        if (status !== undefined) expect([status.from, status.to]).toStrictEqual([before.status, after.status]);
      }),
    );
  });
});
