import { describe, expect, it } from 'vitest';
import { readRows } from '../../../../src/vendors/http/read-rows.ts';
import { leenProjection, toUser } from '../../../../src/vendors/leen/to-user.ts';
import { leenUser } from '../../../../src/vendors/leen/wire.ts';
import plain from '../../../fixtures/vendors/leen/users-plain.json' with { type: 'json' };
import withGroups from '../../../fixtures/vendors/leen/users-with-groups.json' with { type: 'json' };

const read = (...rows: unknown[]) => readRows(rows, { schema: leenUser, toUser });
const [bare] = plain.items;

describe('toUser', () => {
  it('maps every field of a user with groups', () => {
    expect(read(...withGroups.items)).toStrictEqual({
      users: [
        {
          id: '0b9f2a9e-6c55-4f6c-9d0e-2f1f5f6d0001',
          displayName: 'Ada Example',
          emails: [{ value: 'ada@example.com' }],
          status: 'active',
          rawStatus: 'ACTIVE',
          groups: [
            { id: '7a1d8f40-0000-4000-8000-000000000002', name: 'Administrators' },
            { id: '7a1d8f40-0000-4000-8000-000000000001' },
          ],
          createdAt: '2024-03-01T08:00:00.000Z',
          vendorAttributes: { id: '5b10ac8d82e05b22cc7d4ef5', vendor: 'JIRA', accountType: 'atlassian' },
        },
      ],
      rejected: [],
    });
  });

  it('maps users without groups, of Jira and of ServiceNow', () => {
    expect(read(...plain.items)).toStrictEqual({
      users: [
        {
          id: '0b9f2a9e-6c55-4f6c-9d0e-2f1f5f6d0002',
          displayName: 'Build Bot',
          status: 'inactive',
          rawStatus: 'INACTIVE',
          updatedAt: '2026-11-20T10:00:00.000Z',
          vendorAttributes: { vendor: 'JIRA', accountType: 'app' },
        },
        {
          id: '0b9f2a9e-6c55-4f6c-9d0e-2f1f5f6d0003',
          displayName: 'Nadia Now',
          emails: [{ value: 'nadia@example.org' }],
          status: 'deleted',
          rawStatus: 'DELETED',
          vendorAttributes: { id: '6816f79cc0a8016401c5a33be04be441', vendor: 'SERVICENOW' },
        },
      ],
      rejected: [],
    });
  });

  it.each([null, '', undefined])('takes %j for absent in every field', (nothing) => {
    const row = {
      id: 'u1',
      name: nothing,
      email: nothing,
      status: nothing,
      vendor_attributes: { id: nothing, vendor: nothing, created_at: nothing, updated_at: nothing, data: nothing },
      groups: nothing === '' ? [] : nothing,
    };

    expect(read(row, { id: 'u1', vendor_attributes: nothing === '' ? {} : nothing }).users).toStrictEqual([
      { id: 'u1' },
      { id: 'u1' },
    ]);
  });

  it.each(['PENDING', 'active', 'toString', '__proto__'])('maps the unlisted status %s to unknown', (status) => {
    expect(read({ ...bare, status }).users[0]).toMatchObject({ status: 'unknown', rawStatus: status });
  });

  it.each([['something new'], [['a', 'b']], [{ accountType: 7 }], [{ sys_domain: 'global' }], [7]])(
    'lets vendor data of another form through: %j',
    (data) => {
      const { users, rejected } = read({ ...bare, vendor_attributes: { ...bare?.vendor_attributes, data } });

      expect(rejected).toStrictEqual([]);
      expect(users[0]?.vendorAttributes).toStrictEqual({ vendor: 'JIRA' });
    },
  );

  it.each([
    ['name', { name: 7 }, 'name: expected string'],
    ['email', { email: { value: 'ada@example.com' } }, 'email: expected string'],
    ['status', { status: true }, 'status: expected string'],
    ['vendor_attributes', { vendor_attributes: 'JIRA' }, 'vendor_attributes: expected object'],
    ['a group without id', { groups: [{ name: 'Administrators' }] }, 'groups.0.id: expected string'],
  ])('rejects a row with a wrong %s, by its id', (_what, change, reason) => {
    expect(read({ ...bare, ...change })).toStrictEqual({ users: [], rejected: [{ id: bare?.id, reason }] });
  });

  it('ignores fields it does not know', () => {
    expect(read({ ...bare, phone: '1', __v: 2 })).toStrictEqual(read(bare));
  });
});

describe('leenProjection', () => {
  it('lists what counts as a change, and nothing volatile', () => {
    expect(leenProjection).toStrictEqual([
      { path: 'displayName' },
      { path: 'emails', keepWhenAbsent: true },
      { path: 'status' },
      { path: 'rawStatus' },
      { path: 'groups', compareById: true },
      { path: 'vendorAttributes.id', keepWhenAbsent: true },
      { path: 'vendorAttributes.vendor' },
      { path: 'vendorAttributes.accountType' },
    ]);
  });
});
