import { describe, expect, it } from 'vitest';
import { createProjection, projectionText } from '../../../../src/diff/projection.ts';
import { delayProjection, type RiskyStatus, toUser } from '../../../../src/vendors/delay/to-user.ts';
import { delay } from '../../../../src/vendors/delay/vendor.ts';
import { type DelayUser, delayUser } from '../../../../src/vendors/delay/wire.ts';
import { type RowReader, readRows } from '../../../../src/vendors/http/read-rows.ts';
import list from '../../../fixtures/vendors/delay/users.json' with { type: 'json' };
import sample from '../../../fixtures/vendors/delay/users-sample-of-the-document.json' with { type: 'json' };

const read = (rows: readonly unknown[], riskyStatus: RiskyStatus = 'unknown') => {
  const reader: RowReader<DelayUser>['toUser'] = (row, id) => toUser(row, id, riskyStatus);
  return readRows(rows, { schema: delayUser, toUser: reader });
};
const [ben, john] = sample;

describe('toUser', () => {
  it('maps every field of the sample of the document, an e-mail address that is none included', () => {
    const operator = '98d91cd7-860d-4869-937a-5af32eff2f4a';
    const alike = {
      emails: [{ value: '[email protected]' }],
      createdAt: '2023-05-06T00:00:00.000Z',
      updatedAt: '2023-05-06T00:00:00.000Z',
      vendorAttributes: { createdBy: operator, updatedBy: operator },
    };

    expect(read(sample)).toStrictEqual({
      users: [
        {
          id: ben?.id,
          userName: 'ben',
          displayName: 'Benjamin Zhang',
          status: 'active',
          rawStatus: 'active',
          userType: 'saas_admin',
          ...alike,
        },
        {
          id: john?.id,
          userName: 'john',
          displayName: 'John Jiang',
          status: 'pending',
          rawStatus: 'onboarding',
          userType: 'saas_user',
          ...alike,
        },
      ],
      rejected: [],
    });
  });

  it('maps users as a token without metadata permissions sees them', () => {
    expect(read(list).users).toStrictEqual([
      {
        id: '0b9f2a9e-6c55-4f6c-9d0e-2f1f5f6d0001',
        userName: 'ada',
        displayName: 'Ada Example',
        emails: [{ value: 'ada@example.com' }],
        status: 'unknown',
        rawStatus: 'risky',
        userType: 'saas_user_client',
        createdAt: '2024-03-01T08:00:00.250Z',
        updatedAt: '2026-11-20T10:00:00.000Z',
      },
      {
        id: '0b9f2a9e-6c55-4f6c-9d0e-2f1f5f6d0002',
        userName: 'bot',
        displayName: 'Build Bot',
        status: 'suspended',
        rawStatus: 'suspended',
        userType: 'saas_user',
        createdAt: '2024-03-01T08:00:01.000Z',
        updatedAt: '2024-03-01T08:00:01.000Z',
      },
    ]);
  });

  it.each([
    ['active', 'active'],
    ['onboarding', 'pending'],
    ['inactive', 'inactive'],
    ['suspended', 'suspended'],
    ['risky', 'unknown'],
    ['Active', 'unknown'],
    ['toString', 'unknown'],
    ['__proto__', 'unknown'],
  ])('maps the status %s to %s and keeps the word', (raw, status) => {
    expect(read([{ ...ben, status: raw }]).users[0]).toMatchObject({ status, rawStatus: raw });
  });

  it.each(['unknown', 'suspended', 'active'] as const)('takes risky for %s where the operator says so', (as) => {
    const users = read([{ ...ben, status: 'risky' }, ben], as).users;

    expect(users.map(({ status, rawStatus }) => [status, rawStatus])).toStrictEqual([
      [as, 'risky'],
      ['active', 'active'],
    ]);
  });

  it.each([null, '', undefined])('takes %j for absent in every field', (nothing) => {
    const row = Object.fromEntries(Object.keys(sample[0] ?? {}).map((key) => [key, nothing]));

    expect(read([{ ...row, id: 'u1' }]).users).toStrictEqual([{ id: 'u1' }]);
  });

  it.each(Object.keys(sample[0] ?? {}).filter((key) => key !== 'id'))('rejects a row whose %s is no text', (key) => {
    const { users, rejected } = read([{ ...ben, [key]: 7 }, john]);

    expect(users).toHaveLength(1);
    expect(rejected).toStrictEqual([{ id: ben?.id, reason: `${key}: expected string` }]);
  });
});

describe('delayProjection', () => {
  const projection = createProjection(delay.projection, [], (text) => text);
  const textOf = (row: unknown) => read([row]).users.map((user) => projectionText(user, projection))[0];

  it('lists what counts as a change', () => {
    expect(delayProjection.map(({ path }) => path)).toStrictEqual([
      'userName',
      'displayName',
      'emails',
      'userType',
      'status',
      'rawStatus',
    ]);
  });

  it.each([
    ['times', { created_at: '2020-01-01T00:00:00Z', updated_at: '2026-11-23T08:00:00Z' }],
    ['who created and updated a user', { created_by: undefined, updated_by: 'somebody else' }],
    ['fields nobody knows', { workspace: 'w1' }],
  ])('does not count %s', (_what, change) => {
    expect(textOf({ ...ben, ...change })).toBe(textOf(ben));
  });

  it.each([
    ['the handle', { identifier: 'benjamin' }],
    ['the name', { name: 'Ben Zhang' }],
    ['the e-mail address', { email: 'ben@example.com' }],
    ['the type', { user_type: 'saas_user' }],
    ['the status', { status: 'inactive' }],
    ['the raw status alone', { status: 'ACTIVE' }],
  ])('counts %s', (_what, change) => {
    expect(textOf({ ...ben, ...change })).not.toBe(textOf(ben));
  });

  it('counts a move from one unlisted status to another', () => {
    expect(textOf({ ...ben, status: 'risky' })).not.toBe(textOf({ ...ben, status: 'frozen' }));
  });
});
