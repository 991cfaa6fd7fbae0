import { describe, expect, it } from 'vitest';
import { readRows } from '../../../../src/vendors/http/read-rows.ts';
import { openprojectProjection, toUser } from '../../../../src/vendors/openproject/to-user.ts';
import { openprojectUser } from '../../../../src/vendors/openproject/wire.ts';
import list from '../../../fixtures/vendors/openproject/users.json' with { type: 'json' };
import sample from '../../../fixtures/vendors/openproject/users-sample-of-the-document.json' with { type: 'json' };

const read = (rows: unknown[], customFields: string[] = []) =>
  readRows(rows, { schema: openprojectUser, toUser: (row, id) => toUser(row, id, customFields) });
const [john, rodney] = list._embedded.elements;

describe('toUser', () => {
  it('maps every field', () => {
    expect(read(list._embedded.elements)).toStrictEqual({
      users: [
        {
          id: '1',
          userName: 'j.sheppard',
          displayName: 'John Sheppard',
          givenName: 'John',
          familyName: 'Sheppard',
          emails: [{ value: 'shep@example.com' }],
          status: 'active',
          rawStatus: 'active',
          language: 'en',
          avatar: 'https://example.org/users/1/avatar',
          createdAt: '2014-05-21T08:51:20.000Z',
          updatedAt: '2014-05-21T08:51:20.721Z',
          vendorAttributes: { admin: true },
        },
        {
          id: '2',
          userName: 'r.mckay',
          displayName: 'Rodney McKay',
          givenName: 'Rodney',
          familyName: 'McKay',
          emails: [{ value: 'rodney@example.org' }],
          status: 'suspended',
          rawStatus: 'locked',
          language: 'de',
          vendorAttributes: { identityUrl: 'saml:4711' },
        },
      ],
      rejected: [],
    });
  });

  it('makes a display name of the parts where there is none, as in the document’s own sample', () => {
    expect(read(sample._embedded.elements).users[0]).toMatchObject({ id: '1', displayName: 'John Sheppard' });
    expect(read([{ id: 1, lastName: 'Sheppard' }]).users[0]).toStrictEqual({
      id: '1',
      displayName: 'Sheppard',
      familyName: 'Sheppard',
    });
  });

  it('keeps an administrator who is none apart from one who is not shown', () => {
    const [known, unknown] = read([{ id: 1, admin: false }, { id: 2 }]).users;

    expect(known).toStrictEqual({ id: '1', vendorAttributes: { admin: false } });
    expect(unknown).toStrictEqual({ id: '2' });
  });

  it('reads the custom fields asked for: values, long texts and references', () => {
    const asked = [1, 2, 3, 4, 5, 6, 7].map((number) => `customField${number}`);

    expect(read([john], asked).users[0]?.vendorAttributes).toStrictEqual({
      admin: true,
      customField1: 'Berlin',
      customField2: 'Joined **late**',
      customField3: [
        { id: '9', name: 'Night shift' },
        { id: '7', name: 'First aid' },
      ],
      customField5: [{ id: '2', name: 'Rodney McKay' }],
    });
  });

  it.each([
    ['active', 'active'],
    ['invited', 'invited'],
    ['registered', 'pending'],
    ['locked', 'suspended'],
    ['blocked', 'unknown'],
    ['Active', 'unknown'],
    ['constructor', 'unknown'],
  ])('maps the status %s to %s', (rawStatus, status) => {
    expect(read([{ id: 1, status: rawStatus }]).users).toStrictEqual([{ id: '1', status, rawStatus }]);
  });

  it.each([null, '', undefined])('takes %j for absent in every field', (nothing) => {
    const texts = [
      'name',
      'login',
      'firstName',
      'lastName',
      'email',
      'status',
      'language',
      'identityUrl',
      'avatar',
      'createdAt',
      'updatedAt',
    ];
    const row = {
      id: 1,
      ...Object.fromEntries(texts.map((name) => [name, nothing])),
      admin: nothing === '' ? null : nothing,
      _links: nothing,
    };

    expect(read([row], ['customField1'])).toStrictEqual({ users: [{ id: '1' }], rejected: [] });
  });

  it.each([
    ['_type', { _type: 'Group' }, '_type: expected User'],
    ['login', { login: 7 }, 'login: expected string'],
    ['admin', { admin: 'yes' }, 'admin: expected boolean'],
    ['status', { status: 1 }, 'status: expected string'],
  ])('rejects a row with a wrong %s, by its id', (_what, change, reason) => {
    expect(read([{ ...rodney, ...change }])).toStrictEqual({ users: [], rejected: [{ id: '2', reason }] });
  });

  it('survives links of another form and keys that look like methods', () => {
    expect(
      read([{ id: 1, _links: 'x', constructor: 1, ...JSON.parse('{"__proto__":{"login":"x"}}') }], ['customField1']),
    ).toStrictEqual({
      users: [{ id: '1' }],
      rejected: [],
    });
  });
});

describe('openprojectProjection', () => {
  it('lists what counts as a change, and nothing volatile', () => {
    expect(openprojectProjection).toStrictEqual([
      { path: 'userName' },
      { path: 'givenName' },
      { path: 'familyName' },
      { path: 'emails' },
      { path: 'status' },
      { path: 'rawStatus' },
      { path: 'language' },
      { path: 'vendorAttributes.admin', keepWhenAbsent: true },
      { path: 'vendorAttributes.identityUrl' },
    ]);
  });
});
