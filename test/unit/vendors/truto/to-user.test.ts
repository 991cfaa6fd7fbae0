import { describe, expect, it } from 'vitest';
import { createProjection, projectionText } from '../../../../src/diff/projection.ts';
import { readRows } from '../../../../src/vendors/http/read-rows.ts';
import { projectWithout, toUser, trutoProjection } from '../../../../src/vendors/truto/to-user.ts';
import { trutoUser } from '../../../../src/vendors/truto/wire.ts';
import list from '../../../fixtures/vendors/truto/users.json' with { type: 'json' };

const read = (...rows: unknown[]) => readRows(rows, { schema: trutoUser, toUser });
const ada = list.result[0] as Record<string, unknown>;

describe('toUser', () => {
  it('maps every field of a user', () => {
    expect(read(ada)).toStrictEqual({
      users: [
        {
          id: 'ada@example.com',
          userName: 'ada',
          displayName: 'Ada Example',
          givenName: 'Ada',
          familyName: 'Example',
          title: 'Engineer',
          emails: [{ value: 'ada@example.com', type: 'work', primary: true }, { value: 'ada@example.org' }],
          phones: [
            { value: '+49301000', type: 'work', extension: '12' },
            { value: '49302000', extension: '7' },
          ],
          status: 'active',
          rawStatus: 'active',
          userType: 'admin',
          roles: [
            { id: 'r-1', name: 'Admin', scope: { group: 'g-1', organization: 'o-1', workspace: 'w-1' } },
            { id: '2', name: 'Member' },
          ],
          groups: [{ id: 'g-1', name: 'Developers' }, { id: 'g-2' }],
          organizations: [{ id: 'o-1', name: 'Example' }],
          workspaces: [{ id: 'w-1', name: 'Main' }],
          licenses: [{ id: 'l-1', name: 'Seat' }],
          externalId: 'scim-7',
          identifiers: { employee_number: '0007', codes: [1, 2] },
          emailVerified: true,
          mfaEnabled: false,
          languages: ['de', 'en'],
          timezone: 'Europe/Berlin',
          avatar: 'https://cdn.example.com/ada?signature=1',
          bio: 'Counts.',
          urls: [{ value: 'https://example.com/ada', type: 'profile' }],
          createdAt: '2024-03-01T08:00:00.000Z',
          updatedAt: '2026-11-20T10:00:00.000Z',
          lastActiveAt: '2026-11-21T10:00:00.000Z',
          lastLoginAt: '2026-11-21T09:00:00.000Z',
          statusChangedAt: '2024-03-02T09:00:00.000Z',
          activatedAt: '2024-03-02T08:00:00.000Z',
        },
      ],
      rejected: [],
    });
  });

  it.each([null, undefined, ''])('takes %j for absent in every field', (nothing) => {
    const isList = (value: unknown) => typeof value === 'object' || typeof value === 'boolean';
    const row = Object.fromEntries(
      Object.entries(ada).map(([name, value]) => [name, nothing === '' && isList(value) ? null : nothing]),
    );

    expect(read({ ...row, id: 'u1' })).toStrictEqual({ users: [{ id: 'u1' }], rejected: [] });
  });

  it('takes empty lists and objects for absent', () => {
    const lists = [
      'emails',
      'phones',
      'roles',
      'groups',
      'organizations',
      'workspaces',
      'licenses',
      'languages',
      'urls',
    ];
    const row = Object.fromEntries(lists.map((name) => [name, []]));

    expect(read({ id: 'u1', ...row, identifiers: {} }).users).toStrictEqual([{ id: 'u1' }]);
  });

  it.each([
    ['active', 'active'],
    ['ACTIVE', 'active'],
    ['Invited', 'invited'],
    ['created', 'pending'],
    ['inactive', 'inactive'],
    ['Deleted', 'deleted'],
    ['Enabled', 'unknown'],
    ['aktiv', 'unknown'],
    ['toString', 'unknown'],
    ['__proto__', 'unknown'],
    [true, 'unknown'],
    [1, 'unknown'],
  ])('maps the status %j to %s and keeps the word', (raw, status) => {
    expect(read({ id: 'u1', status: raw }).users).toStrictEqual([{ id: 'u1', status, rawStatus: String(raw) }]);
  });

  it.each([
    ['name', { name: 7 }, 'name: expected string'],
    ['status', { status: { is: 'active' } }, 'status: not of the expected form'],
    ['list of e-mail addresses', { emails: 'ada@example.com' }, 'emails: expected array'],
    ['flag', { is_2fa_enabled: 'yes' }, 'is_2fa_enabled: expected boolean'],
    ['role', { roles: [{ id: {} }] }, 'roles.0.id: not of the expected form'],
  ])('rejects a row with a wrong %s, by its id', (_what, change, reason) => {
    expect(read({ id: 'u1', ...change })).toStrictEqual({ users: [], rejected: [{ id: 'u1', reason }] });
  });

  it('shows nothing of the record of the back end', () => {
    expect(JSON.stringify(read(ada))).not.toContain('never to be seen');
  });
});

describe('trutoProjection', () => {
  const textOf = (row: object) => {
    const [user] = read(row).users;
    return (
      user &&
      projectionText(
        user,
        createProjection(trutoProjection, [], (text) => text),
      )
    );
  };
  const reversed = (name: string) => ({ [name]: (ada[name] as unknown[]).toReversed() });
  const renamed = (name: string) => ({
    [name]: (ada[name] as (object | null)[]).map((member) => member && { ...member, name: 'Renamed' }),
  });

  it.each([
    ['the time of the last activity', { last_active_at: '2026-11-23T08:00:00Z' }],
    ['the time of the last login', { last_login_at: null }],
    ['the time of writing', { updated_at: '2026-11-23T08:00:00Z' }],
    ['the time of the last change of status', { status_changed_at: '2026-11-23T08:00:00Z' }],
    ['the time of activation', { activated_at: '2026-11-23T08:00:00Z' }],
    ['the avatar', { avatar: 'https://cdn.example.com/ada?signature=2' }],
    ['the record of the back end', { remote_data: {} }],
    ['the activity of a licence', { licenses: [{ id: 'l-1', name: 'Seat', last_active_at: null }] }],
    ['the name of a group', renamed('groups')],
    ['the name of an organization', renamed('organizations')],
    ['the name of a workspace', renamed('workspaces')],
    ['the name of a licence', renamed('licenses')],
    ['the order of roles', reversed('roles')],
    ['the order of groups', reversed('groups')],
    ['the order of e-mail addresses', reversed('emails')],
    ['the order of languages', reversed('languages')],
    ['a null among the identifiers', { identifiers: { codes: [1, 2], employee_number: '0007', other: '' } }],
    ['fields nobody knows', { mood: 'good' }],
  ])('does not count %s', (_what, change) => {
    expect(textOf({ ...ada, ...change })).toBe(textOf(ada));
  });

  it.each([
    ['name', 'A. Example'],
    ['first_name', 'Adah'],
    ['last_name', 'Other'],
    ['title', 'Planner'],
    ['username', 'adah'],
    ['emails', [{ email: 'ada@example.com', type: 'work', is_primary: false }]],
    ['phones', []],
    ['status', 'Active'],
    ['user_type', 'user'],
    ['external_id', null],
    ['identifiers', { employee_number: '0008' }],
    ['is_email_verified', false],
    ['is_2fa_enabled', true],
    ['roles', [{ id: 'r-1' }]],
    ['groups', [{ id: 'g-1' }]],
    ['organizations', [{ id: 'o-2' }]],
    ['workspaces', []],
    ['licenses', []],
    ['timezone', 'Europe/Paris'],
    ['languages', ['de']],
    ['bio', 'Still counts.'],
    ['urls', []],
  ])('counts %s', (field, value) => {
    expect(textOf({ ...ada, [field]: value })).not.toBe(textOf(ada));
  });

  it('goes without the fields that are not sent', () => {
    const paths = projectWithout(['is_2fa_enabled', 'avatar', 'name']).map(({ path }) => path);

    expect(trutoProjection.map(({ path }) => path).filter((path) => !paths.includes(path))).toStrictEqual([
      'displayName',
      'mfaEnabled',
    ]);
    expect(projectWithout([])).toStrictEqual(trutoProjection);
  });
});
