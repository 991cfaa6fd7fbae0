import { describe, expect, it } from 'vitest';
import { acceptUser } from '../../../src/diff/accept-user.ts';
import { anObservedUser, aProjection, at, aUser } from '../../support/builders.ts';

const projection = aProjection([
  { path: 'title' },
  { path: 'emails', keepWhenAbsent: true },
  { path: 'vendorAttributes.admin', keepWhenAbsent: true },
]);

describe(acceptUser, () => {
  it('accepts a new user as he was observed', () => {
    const observed = anObservedUser({ status: 'invited', rawStatus: 'new', lastLoginAt: at(-5) });

    expect(acceptUser(undefined, observed, projection)).toStrictEqual({ ...observed });
  });

  it('takes the status of a new user who shows none for unknown', () => {
    expect(acceptUser(undefined, anObservedUser({ title: 'Dr' }), projection)).toStrictEqual({
      id: '42',
      title: 'Dr',
      status: 'unknown',
    });
  });

  it('keeps status and raw status where the vendor shows no status', () => {
    const before = aUser({ status: 'suspended', rawStatus: 'locked' });

    expect(acceptUser(before, anObservedUser({ title: 'Dr' }), projection)).toStrictEqual({
      id: '42',
      title: 'Dr',
      status: 'suspended',
      rawStatus: 'locked',
    });
  });

  it('takes no raw status from a row without a status', () => {
    const { rawStatus: _, ...before } = aUser({ status: 'suspended' });

    expect(acceptUser(before, anObservedUser({ rawStatus: 'garbled' }), projection)).toStrictEqual({
      id: '42',
      status: 'suspended',
    });
  });

  it('accepts an unknown status, which says something unlike a missing one', () => {
    const observed = anObservedUser({ status: 'unknown', rawStatus: 'zombie' });

    expect(acceptUser(aUser(), observed, projection)).toStrictEqual({
      id: '42',
      status: 'unknown',
      rawStatus: 'zombie',
    });
  });

  it.each([[undefined], [null], [''], [[]]])(
    'keeps a field that is blanked to %j where the vendor does not mean it',
    (emails) => {
      const before = aUser({ emails: [{ value: 'ada@example.com' }] });
      const observed = { ...anObservedUser({ status: 'active' }), emails } as never;

      expect(acceptUser(before, observed, projection)).toStrictEqual({
        id: '42',
        status: 'active',
        emails: [{ value: 'ada@example.com' }],
      });
    },
  );

  it('keeps one vendor attribute beside those that were shown', () => {
    const before = aUser({ vendorAttributes: { admin: true, plan: 'old' } });
    const observed = anObservedUser({ status: 'active', vendorAttributes: { plan: 'new' } });

    expect(acceptUser(before, observed, projection)).toStrictEqual({
      id: '42',
      status: 'active',
      vendorAttributes: { plan: 'new', admin: true },
    });
  });

  it('lets go of every other field that is not shown any more', () => {
    const before = aUser({ title: 'Dr', vendorAttributes: { plan: 'old' } });

    expect(acceptUser(before, anObservedUser({ status: 'active' }), projection)).toStrictEqual({
      id: '42',
      status: 'active',
    });
  });

  it('accepts a new value of a field it would keep', () => {
    const before = aUser({ emails: [{ value: 'old@example.com' }], vendorAttributes: { admin: true } });
    const observed = anObservedUser({
      status: 'active',
      emails: [{ value: 'new@example.com' }],
      vendorAttributes: { admin: false },
    });

    expect(acceptUser(before, observed, projection)).toStrictEqual({ ...observed });
  });

  it('changes neither the user before nor the observed one', () => {
    const before = Object.freeze(aUser({ vendorAttributes: Object.freeze({ admin: true }) }));
    const observed = Object.freeze(anObservedUser({ vendorAttributes: Object.freeze({ plan: 'new' }) }));

    acceptUser(before, observed, projection);

    expect(before).toStrictEqual(aUser({ vendorAttributes: { admin: true } }));
    expect(observed).toStrictEqual(anObservedUser({ vendorAttributes: { plan: 'new' } }));
  });
});
