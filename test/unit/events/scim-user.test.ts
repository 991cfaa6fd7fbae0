import { describe, expect, it } from 'vitest';
import { scimAttributes, scimExtension, toScimUser } from '../../../src/events/scim-user.ts';

const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User', scimExtension];
const bare = { id: '42', status: 'active' } as const;

describe(toScimUser, () => {
  it('has no attribute of a field that the user has not', () => {
    expect(toScimUser(bare)).toStrictEqual({ schemas, id: '42', active: true, [scimExtension]: { status: 'active' } });
  });

  it.each([
    [{ givenName: 'Ada' }, { name: { givenName: 'Ada' } }],
    [{ familyName: 'Lovelace' }, { name: { familyName: 'Lovelace' } }],
  ])('has of %j no more than that of the name', (given, expected) => {
    expect(toScimUser({ ...bare, ...given })).toStrictEqual({ ...toScimUser(bare), ...expected });
  });

  it('does not say whether an account of unknown status is active', () => {
    expect(toScimUser({ ...bare, status: 'unknown' })).not.toHaveProperty('active');
  });

  it('says nothing of the kind of a phone number that has none', () => {
    const { phoneNumbers } = toScimUser({ ...bare, phones: [{ value: '1' }, { value: '2', type: 'work' }] });

    expect(phoneNumbers).toStrictEqual([{ value: '1' }, { value: '2', type: 'work' }]);
  });

  it('names roles and groups by what there is of id and name', () => {
    const references = [{ id: 'r1' }, { name: 'Editor' }, { id: 'r2', name: 'Reader' }, {}];
    const expected = [{ value: 'r1' }, { value: 'Editor', display: 'Editor' }, { value: 'r2', display: 'Reader' }, {}];

    const { roles, groups } = toScimUser({ ...bare, roles: references, groups: references } as never);

    expect({ roles, groups }).toStrictEqual({ roles: expected, groups: expected });
  });

  it('keeps what SCIM has no attribute for in the extension, and nothing else', () => {
    const { [scimExtension]: extension } = toScimUser({ ...bare, title: 'Dr', bio: 'b', rawStatus: 'on' });

    expect(extension).toStrictEqual({ status: 'active', bio: 'b', rawStatus: 'on' });
  });
});

describe(scimAttributes, () => {
  it('names an attribute once, however many fields stand in it', () => {
    expect(scimAttributes(['status', 'active', 'title', 'title'])).toStrictEqual([
      `${scimExtension}:status`,
      'active',
      `${scimExtension}:active`,
      'title',
    ]);
  });
});
