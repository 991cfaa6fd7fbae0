import { describe, expect, it } from 'vitest';
import { createProjection, projectionText } from '../../../src/diff/projection.ts';
import { type RowReader, readRows } from '../../../src/vendors/http/read-rows.ts';
import { toUser as toLeenUser } from '../../../src/vendors/leen/to-user.ts';
import { leen } from '../../../src/vendors/leen/vendor.ts';
import { leenUser } from '../../../src/vendors/leen/wire.ts';
import { toUser as toOpenprojectUser } from '../../../src/vendors/openproject/to-user.ts';
import { openproject } from '../../../src/vendors/openproject/vendor.ts';
import { type OpenprojectUser, openprojectUser } from '../../../src/vendors/openproject/wire.ts';
import withGroups from '../../fixtures/vendors/leen/users-with-groups.json' with { type: 'json' };
import list from '../../fixtures/vendors/openproject/users.json' with { type: 'json' };

const [ada] = withGroups.items;
const [john] = list._embedded.elements;
if (ada === undefined || john === undefined) throw new Error('the fixtures have no users');
const reversed = (row: object) => Object.fromEntries(Object.entries(row).reverse());

const leenText = (row: object) => {
  const [user] = readRows([row], { schema: leenUser, toUser: toLeenUser }).users;
  return (
    user &&
    projectionText(
      user,
      createProjection(leen.projection, [], (text) => text),
    )
  );
};
const openprojectText = (row: object) => {
  const toUser: RowReader<OpenprojectUser>['toUser'] = (read, id) => toOpenprojectUser(read, id, ['customField3']);
  const [user] = readRows([row], { schema: openprojectUser, toUser }).users;
  const fields = openproject.projectionFor?.(openproject.options.parse({ customFields: ['customField3'] })) ?? [];
  return (
    user &&
    projectionText(
      user,
      createProjection(fields, [], (text) => text),
    )
  );
};

describe('leen.projection', () => {
  const origin = ada.vendor_attributes;
  const [first, , last] = ada.groups;

  it.each([
    [
      'the times of the vendor',
      { vendor_attributes: { ...origin, created_at: null, updated_at: '2026-11-23T08:00:00Z' } },
    ],
    ['the order of the groups and gaps between them', { groups: [null, last, first] }],
    ['the name of a group', { groups: [{ ...first, name: 'Admins', description: 'new', status: 'INACTIVE' }, last] }],
    ['fields nobody knows', { phone: '1' }],
  ])('does not count %s', (_what, change) => {
    expect(leenText({ ...ada, ...change })).toBe(leenText(ada));
    expect(leenText(reversed({ ...ada, ...change }))).toBe(leenText(ada));
  });

  it.each([
    ['the name', { name: 'Ada Lovelace' }],
    ['the e-mail address', { email: 'ada@example.net' }],
    ['the status', { status: 'DELETED' }],
    ['the raw status alone', { status: 'active' }],
    ['a group', { groups: [first] }],
    ['the id at the vendor', { vendor_attributes: { ...origin, id: 'other' } }],
    ['the vendor', { vendor_attributes: { ...origin, vendor: 'SERVICENOW' } }],
    ['the type of account', { vendor_attributes: { ...origin, data: { accountType: 'app' } } }],
  ])('counts %s', (_what, change) => {
    expect(leenText({ ...ada, ...change })).not.toBe(leenText(ada));
  });
});

describe('openproject.projection', () => {
  const { customField3, ...links } = john._links as { customField3: object[] };

  it.each([
    ['the time of the last login', { updatedAt: '2026-11-23T08:00:00Z', createdAt: null }],
    ['how the instance writes names', { name: 'Sheppard, John' }],
    ['the avatar', { avatar: 'https://example.org/other' }],
    ['what the token may do', { _links: { customField3 } }],
    ['the order of a custom field', { _links: { ...links, customField3: customField3.toReversed() } }],
    ['a custom field that was not asked for', { customField1: 'Hamburg' }],
    ['an absent, null or empty field', { identityUrl: '' }],
  ])('does not count %s', (_what, change) => {
    expect(openprojectText({ ...john, ...change })).toBe(openprojectText(john));
    expect(openprojectText(reversed({ ...john, ...change }))).toBe(openprojectText(john));
  });

  it.each([
    ['the login', { login: 'sheppard' }],
    ['the first name', { firstName: 'Jon' }],
    ['the last name', { lastName: 'Shepard' }],
    ['the e-mail address', { email: 'shep@example.net' }],
    ['the status', { status: 'locked' }],
    ['the language', { language: 'de' }],
    ['the administrator', { admin: false }],
    ['the identity', { identityUrl: 'saml:1' }],
    ['a custom field asked for', { _links: { ...links, customField3: customField3.slice(1) } }],
  ])('counts %s', (_what, change) => {
    expect(openprojectText({ ...john, ...change })).not.toBe(openprojectText(john));
  });
});
