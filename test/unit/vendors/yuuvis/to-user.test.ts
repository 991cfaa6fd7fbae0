import { describe, expect, it } from 'vitest';
import { createProjection, projectionText } from '../../../../src/diff/projection.ts';
import { readRows } from '../../../../src/vendors/http/read-rows.ts';
import { toUser, yuuvisProjection } from '../../../../src/vendors/yuuvis/to-user.ts';
import { yuuvisUser } from '../../../../src/vendors/yuuvis/wire.ts';
import list from '../../../fixtures/vendors/yuuvis/users.json' with { type: 'json' };
import sample from '../../../fixtures/vendors/yuuvis/users-sample-of-the-document.json' with { type: 'json' };

const builtIn = ['offline_access', 'uma_authorization', 'default-roles-*'];
const readWithout = (excluded: readonly string[], ...rows: unknown[]) =>
  readRows(rows, { schema: yuuvisUser, toUser: (row, id) => toUser(row, id, excluded) });
const read = (...rows: unknown[]) => readWithout(builtIn, ...rows);
const [ada, bob] = list.objects;

describe('toUser', () => {
  it('maps every field, without the built-in roles', () => {
    expect(read(...list.objects)).toStrictEqual({
      users: [
        {
          id: '5a6e0e6e-1b3f-4d55-9a57-0d9f6f1b0001',
          userName: 'ada',
          givenName: 'Ada',
          familyName: 'Example',
          emails: [{ value: 'ada@example.com' }],
          status: 'active',
          rawStatus: 'enabled',
          roles: [{ name: 'YUUVIS_DEFAULT' }, { name: 'HR_MANAGER' }],
          groups: [{ name: 'onlyoffice' }, { name: 'Finance' }],
          createdAt: '2021-05-27T13:37:11.393Z',
        },
        {
          id: '5a6e0e6e-1b3f-4d55-9a57-0d9f6f1b0002',
          userName: 'bob-disabled',
          familyName: 'Example',
          status: 'inactive',
          rawStatus: 'disabled',
          createdAt: '2021-05-27T13:37:11.393Z',
        },
      ],
      rejected: [],
    });
  });

  it('maps the document’s own sample', () => {
    const { users, rejected } = read(...sample.objects);

    expect(rejected).toStrictEqual([]);
    expect(users.map(({ userName, emails, groups, createdAt }) => [userName, emails, groups, createdAt])).toStrictEqual(
      [
        ['newuser5', undefined, undefined, '2021-05-27T13:37:11.393Z'],
        ['kammer', [{ value: 'kammer@segelreisen.example' }], [{ name: 'onlyoffice' }], '2020-06-12T10:28:43.730Z'],
        ['klaus', [{ value: 'schwimmer@segelreisen.example' }], undefined, '2020-12-01T11:08:14.094Z'],
      ],
    );
  });

  it.each([null, '', undefined])('takes %j for absent in every field', (nothing) => {
    const empty = nothing === '' ? [] : nothing;
    const row = {
      id: 'u1',
      username: nothing,
      email: nothing,
      firstName: nothing,
      lastName: nothing,
      roles: empty,
      groups: empty,
      enabled: nothing,
      createdTimestamp: nothing,
    };

    expect(read(row, { ...row, roles: [nothing], groups: [null, ''] }).users).toStrictEqual([
      { id: 'u1' },
      { id: 'u1' },
    ]);
  });

  it('leaves out the roles it is told to, and their whole families', () => {
    const roles = ['a', 'ab', 'b', 'offline_access'];

    expect(readWithout([], { ...bob, roles }).users[0]?.roles).toHaveLength(4);
    expect(readWithout(['a*'], { ...bob, roles }).users[0]?.roles).toStrictEqual([
      { name: 'b' },
      { name: 'offline_access' },
    ]);
    expect(readWithout(['a'], { ...bob, roles }).users[0]?.roles).toHaveLength(3);
    expect(readWithout(['*'], { ...bob, roles }).users[0]).not.toHaveProperty('roles');
  });

  it.each(['LOCKED', 'true', 'enabled'])('maps the word %s in place of the flag to unknown', (enabled) => {
    expect(read({ ...ada, enabled }).users[0]).toMatchObject({ status: 'unknown', rawStatus: enabled });
  });

  it.each([8.64e15 + 1, -8.64e15 - 1, 1e300, 'yesterday'])('takes the time %s for absent', (createdTimestamp) => {
    expect(read({ ...ada, createdTimestamp }).users[0]).not.toHaveProperty('createdAt');
  });

  it.each([
    ['username', { username: 7 }, 'username: expected string'],
    ['email', { email: ['ada@example.com'] }, 'email: expected string'],
    ['list of roles', { roles: 'HR_MANAGER' }, 'roles: expected array'],
    ['group', { groups: [{ name: 'Finance' }] }, 'groups.0: expected string'],
    ['flag', { enabled: 1 }, 'enabled: not of the expected form'],
  ])('rejects a row with a wrong %s, by its id', (_what, change, reason) => {
    expect(read({ ...ada, ...change })).toStrictEqual({ users: [], rejected: [{ id: ada?.id, reason }] });
  });
});

describe('yuuvisProjection', () => {
  const projection = createProjection(yuuvisProjection, [], (text) => text);
  const textOf = (row: object) => {
    const [user] = read(row).users;
    return user === undefined ? 'rejected' : projectionText(user, projection);
  };

  it.each([
    ['the time of creation', { createdTimestamp: 1 }],
    ['the order of roles and groups', { roles: ada?.roles.toReversed(), groups: ada?.groups?.toReversed() }],
    ['a built-in role', { roles: ['YUUVIS_DEFAULT', 'HR_MANAGER'] }],
    ['fields nobody knows', { attributes: { phone: ['1'] } }],
  ])('does not count %s', (_what, change) => {
    expect(textOf({ ...ada, ...change })).toBe(textOf({ ...ada }));
    expect(textOf(Object.fromEntries(Object.entries({ ...ada, ...change }).reverse()))).toBe(textOf({ ...ada }));
  });

  it.each([
    ['the user name', { username: 'ada-disabled' }],
    ['the first name', { firstName: 'Adah' }],
    ['the last name', { lastName: 'Sample' }],
    ['the e-mail address', { email: 'ada@example.net' }],
    ['the flag', { enabled: false }],
    ['a role', { roles: ['YUUVIS_DEFAULT'] }],
    ['a group', { groups: ['Finance'] }],
  ])('counts %s', (_what, change) => {
    expect(textOf({ ...ada, ...change })).not.toBe(textOf({ ...ada }));
  });
});
