import { describe, expect, it } from 'vitest';
import { diffUser, statusBetween } from '../../../src/diff/diff-user.ts';
import type { CanonicalUser } from '../../../src/model/canonical-user.ts';
import { aFullUser, aProjection, aUser } from '../../support/builders.ts';

const projection = aProjection();

describe(diffUser, () => {
  it('finds nothing between a user and himself', () => {
    expect(diffUser(aFullUser(), aFullUser(), projection)).toBeUndefined();
  });

  it('finds nothing in fields that are not projected', () => {
    const before = aUser({ bio: 'old', vendorAttributes: { admin: true, seen: 1 } });
    const after = aUser({ avatar: 'new', vendorAttributes: { admin: true, seen: 2 } });

    expect(diffUser(before, after, projection)).toBeUndefined();
  });

  it('names every changed field in order, with the old values only', () => {
    const before = aUser({ title: 'Miss', vendorAttributes: { admin: false, plan: 'x' } });
    const after = aUser({ title: 'Dr', displayName: 'Ada L.', vendorAttributes: { admin: true } });

    expect(diffUser(before, after, projection)).toStrictEqual({
      changedFields: ['displayName', 'title', 'vendorAttributes.admin'],
      before: { displayName: 'Ada', title: 'Miss', vendorAttributes: { admin: false } },
    });
  });

  it('gives no old value for a field that is new', () => {
    const after = aUser({ title: 'Dr', vendorAttributes: { admin: true } });

    expect(diffUser(aUser(), after, projection)).toStrictEqual({
      changedFields: ['title', 'vendorAttributes.admin'],
      before: {},
    });
  });

  it('gives the old value of a field that is gone', () => {
    expect(diffUser(aUser({ title: 'Miss' }), aUser(), projection)).toStrictEqual({
      changedFields: ['title'],
      before: { title: 'Miss' },
    });
  });

  it.each<[string, CanonicalUser, CanonicalUser]>([
    ['absent and empty', aUser(), { ...aUser(), title: '', groups: [] }],
    ['absent and null', aUser(), { ...aUser(), title: null } as never],
    [
      'orders of a set',
      aUser({ emails: [{ value: 'a' }, { value: 'b' }] }),
      aUser({ emails: [{ value: 'b' }, { value: 'a' }] }),
    ],
    [
      'a member and the same member twice',
      aUser({ emails: [{ value: 'a' }] }),
      aUser({ emails: [{ value: 'a' }, { value: 'a' }] }),
    ],
    ['orders of keys', aUser({ emails: [{ value: 'a', type: 'w' }] }), aUser({ emails: [{ type: 'w', value: 'a' }] })],
    ['names of a group', aUser({ groups: [{ id: '1', name: 'a' }] }), aUser({ groups: [{ id: '1', name: 'b' }] })],
  ])('finds nothing between %s', (_, before, after) => {
    expect(diffUser(before, after, projection)).toBeUndefined();
    expect(diffUser(after, before, projection)).toBeUndefined();
  });

  it('gives a whole set as its old value, names included', () => {
    const before = aUser({ groups: [{ id: '1', name: 'a' }] });
    const after = aUser({ groups: [{ id: '1', name: 'b' }, { id: '2' }] });

    expect(diffUser(before, after, projection)).toStrictEqual({
      changedFields: ['groups'],
      before: { groups: [{ id: '1', name: 'a' }] },
    });
  });

  it('tells of the status beside the other fields', () => {
    const before = aUser({ title: 'Miss' });
    const after = aUser({ title: 'Dr', status: 'suspended', rawStatus: 'locked' });

    expect(diffUser(before, after, projection)).toStrictEqual({
      changedFields: ['rawStatus', 'status', 'title'],
      before: { rawStatus: 'enabled', status: 'active', title: 'Miss' },
      status: { from: 'active', to: 'suspended', rawFrom: 'enabled', rawTo: 'locked' },
    });
  });

  it('takes a change of the raw status alone for a status change', () => {
    expect(diffUser(aUser(), aUser({ rawStatus: 'ENABLED' }), projection)).toStrictEqual({
      changedFields: ['rawStatus'],
      before: { rawStatus: 'enabled' },
      status: { from: 'active', to: 'active', rawFrom: 'enabled', rawTo: 'ENABLED' },
    });
  });

  it('compares only the comparable fields, the status among them or not', () => {
    const after = aUser({ title: 'Dr', displayName: 'Ada L.', status: 'suspended' });

    expect(diffUser(aUser(), after, projection, new Set(['title']))).toStrictEqual({
      changedFields: ['title'],
      before: {},
    });
    expect(diffUser(aUser(), after, projection, new Set(['status']))).toStrictEqual({
      changedFields: ['status'],
      before: { status: 'active' },
      status: { from: 'active', to: 'suspended', rawFrom: 'enabled', rawTo: 'enabled' },
    });
    expect(diffUser(aUser(), after, projection, new Set())).toBeUndefined();
  });

  it('keeps attributes apart whose names differ only in case', () => {
    const fields = aProjection([{ path: 'vendorAttributes.admin' }, { path: 'vendorAttributes.Admin' }]);
    const before = aUser({ vendorAttributes: { admin: 1, Admin: 2 } });
    const after = aUser({ vendorAttributes: { admin: 1, Admin: 3 } });

    expect(diffUser(before, after, fields)).toStrictEqual({
      changedFields: ['vendorAttributes.Admin'],
      before: { vendorAttributes: { Admin: 2 } },
    });
  });

  it('gives the old value of an attribute named __proto__', () => {
    const fields = aProjection([{ path: 'vendorAttributes.__proto__' }]);
    const before = aUser({ vendorAttributes: JSON.parse('{"__proto__":"old"}') });
    const after = aUser({ vendorAttributes: JSON.parse('{"__proto__":"new"}') });

    expect(JSON.stringify(diffUser(before, after, fields)?.before)).toBe('{"vendorAttributes":{"__proto__":"old"}}');
  });
});

describe(statusBetween, () => {
  it('gives where a status came from and went to, with the vendor’s words', () => {
    expect(statusBetween(aUser(), aUser({ status: 'invited', rawStatus: 'new' }))).toStrictEqual({
      from: 'active',
      to: 'invited',
      rawFrom: 'enabled',
      rawTo: 'new',
    });
  });

  it('gives only where it went for a user without a before', () => {
    expect(statusBetween(undefined, aUser())).toStrictEqual({ to: 'active', rawTo: 'enabled' });
  });

  it('gives no raw words where the vendor has none', () => {
    const { rawStatus: _, ...user } = aUser();

    expect(statusBetween(user, { ...user, status: 'invited' })).toStrictEqual({ from: 'active', to: 'invited' });
  });
});
