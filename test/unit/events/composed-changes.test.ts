import { describe, expect, it } from 'vitest';
import { diffUser } from '../../../src/diff/diff-user.ts';
import { composeEvents } from '../../../src/events/compose-events.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import type { ProjectedField } from '../../../src/model/projected-field.ts';
import { aBatch, aChange, anEntry, aProjection, aTransition, aUser } from '../../support/builders.ts';

const attributes: readonly ProjectedField[] = [
  { path: 'vendorAttributes.admin' },
  { path: 'vendorAttributes.Admin' },
  { path: 'vendorAttributes.a.b' },
];

/** The data of the event about a user who changed. */
function dataOf(before: CanonicalUser, after: CanonicalUser, fields?: readonly ProjectedField[]) {
  const diff = diffUser(before, after, aProjection(fields));
  const change = aChange(diff && { diff });
  return composeEvents(aBatch({ transitions: [aTransition({ entry: anEntry({ user: after }), change })] }))[0]?.data;
}

describe('the changes of an event', () => {
  it('add, replace and remove whole values', () => {
    const before = aUser({ title: 'Miss', groups: [{ id: 'g1', name: 'A' }] });
    const after = aUser({
      displayName: 'Ada L.',
      groups: [{ id: 'g1', name: 'A' }, { id: 'g2' }],
      emails: [{ value: 'a@b.example' }],
    });

    expect(dataOf(before, after)).toMatchObject({
      changedFields: ['displayName', 'emails', 'groups', 'title'],
      changes: [
        { field: 'displayName', op: 'replace', from: 'Ada', to: 'Ada L.' },
        { field: 'emails', op: 'add', to: [{ value: 'a@b.example' }] },
        {
          field: 'groups',
          op: 'replace',
          from: [{ id: 'g1', name: 'A' }],
          to: [{ id: 'g1', name: 'A' }, { id: 'g2' }],
        },
        { field: 'title', op: 'remove', from: 'Miss' },
      ],
    });
  });

  it('leave out from and to where there is none', () => {
    const data = dataOf(aUser({ title: 'Miss' }), aUser({ emails: [{ value: 'a@b.example' }] }));

    expect(data?.changes).toStrictEqual([
      { field: 'emails', op: 'add', to: [{ value: 'a@b.example' }] },
      { field: 'title', op: 'remove', from: 'Miss' },
    ]);
  });

  it('are none where the log holds no difference', () => {
    const { diff: _, ...change } = aChange();

    const [event] = composeEvents(aBatch({ transitions: [aTransition({ change })] }));

    expect(event?.data).toMatchObject({ changedFields: [], changes: [] });
    expect(event?.data).not.toHaveProperty('before');
  });

  it('name vendor attributes by their path, dots and case included', () => {
    const before = aUser({ vendorAttributes: { admin: true, Admin: 1, 'a.b': 'x' } });
    const after = aUser({ vendorAttributes: { admin: false, 'a.b': 'y', a: { b: 'z' } } });

    const data = dataOf(before, after, attributes);

    expect(data?.before).toStrictEqual({ vendorAttributes: { admin: true, Admin: 1, 'a.b': 'x' } });
    expect(data?.changes).toStrictEqual([
      { field: 'vendorAttributes.Admin', op: 'remove', from: 1 },
      { field: 'vendorAttributes.a.b', op: 'replace', from: 'x', to: 'y' },
      { field: 'vendorAttributes.admin', op: 'replace', from: true, to: false },
    ]);
  });

  it('keep false and zero for values', () => {
    const fields: readonly ProjectedField[] = [{ path: 'emailVerified' }, { path: 'vendorAttributes.admin' }];
    const data = dataOf(aUser({ emailVerified: false }), aUser({ vendorAttributes: { admin: 0 } }), fields);

    expect(data?.changes).toStrictEqual([
      { field: 'emailVerified', op: 'remove', from: false },
      { field: 'vendorAttributes.admin', op: 'add', to: 0 },
    ]);
  });

  it('take an attribute named like something every object inherits for absent', () => {
    const fields: readonly ProjectedField[] = [...attributes, { path: 'vendorAttributes.constructor' }];
    const before = aUser({ vendorAttributes: { admin: false } });
    const after = aUser({ vendorAttributes: { admin: true, constructor: 'Acme' } });

    expect(dataOf(before, after, fields)?.changes).toStrictEqual([
      { field: 'vendorAttributes.admin', op: 'replace', from: false, to: true },
      { field: 'vendorAttributes.constructor', op: 'add', to: 'Acme' },
    ]);
  });
});
