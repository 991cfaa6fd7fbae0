import { describe, expect, it } from 'vitest';
import { truto } from '../../../../src/vendors/truto/vendor.ts';

const parse = (options: object) => truto.options.safeParse(options);
const since = '2026-01-01T00:00:00Z';

describe('truto.options', () => {
  it('leaves the record of the back end out unless it is asked for', () => {
    expect(truto.options.parse({})).toStrictEqual({ trutoIgnoreRemoteData: true });
    expect(truto.options.parse({ trutoIgnoreRemoteData: false })).toStrictEqual({ trutoIgnoreRemoteData: false });
  });

  it.each([
    { integratedAccountId: '5e0c1f4a-0000-4000-8000-000000000009' },
    { limit: 1 },
    { limit: 100_000, trutoIgnoreLimit: true },
    { status: 'created' },
    { status: { in: ['active', 'invited'] } },
    { createdAt: since },
    { updatedAt: { gt: since, lte: '2026-02-01T00:00:00+01:00' } },
    { emails: [{ email: 'ada@example.com', isPrimary: true }] },
    { roles: [{ id: 'r-1', workspace: 'w-1' }], groups: [{ name: 'Developers' }] },
    { userType: 'machine', product: 'teams', sortBy: 'id' },
    { remoteQuery: { workspace: 'w', deep: { list: [1, { a: true }] } } },
    { trutoExcludeFields: ['avatar', 'is_2fa_enabled'], trutoResponseFormat: 'unified' },
    { includeInherited: true, includeLastLoginAt: false },
    { orgId: 'o', orgUnitPath: '/Sales', customerId: 'C1', organizationId: 'o', workspaceId: 'w', groupId: 'g' },
  ])('accepts %j', (options) => {
    expect(parse(options).error).toBeUndefined();
  });

  it.each([
    ['an account no address can carry', { integratedAccountId: 'a b' }],
    ['half a user', { limit: 1.5 }],
    ['another status', { status: 'ACTIVE' }],
    ['no status at all', { status: { in: [] } }],
    ['an operator nobody documents', { status: { like: 'act' } }],
    ['a time that is none', { createdAt: 'yesterday' }],
    ['a time without a zone', { updatedAt: { gt: '2026-01-01T00:00:00' } }],
    ['an unknown operator of time', { updatedAt: { after: since } }],
    ['a filter by nothing', { createdAt: {} }],
    ['a role without a field', { roles: [{}] }],
    ['a role by an unknown field', { roles: [{ title: 'x' }] }],
    ['no groups', { groups: [] }],
    ['another type of user', { userType: 'robot' }],
    ['another product', { product: 'word' }],
    ['another order', { sortBy: 'urls' }],
    ['a name of the back end that would break out', { remoteQuery: { 'a]&limit=1[': 1 } }],
    ['an empty name', { name: '' }],
    ['a flag as text', { trutoIgnoreLimit: 'true' }],
    ['fields to exclude as text', { trutoExcludeFields: 'avatar' }],
    ['what a sweep sets itself', { nextCursor: 'x' }],
    ['the spelling of the document', { first_name: 'Ada' }],
    ['an option with a slip', { firstname: 'Ada' }],
  ])('refuses %s', (_what, options) => {
    expect(parse(options).success).toBe(false);
  });

  it.each([
    [{ limit: 0 }, /would look like an empty list/],
    [{ trutoKeyBy: 'email' }, /users that share a value of it vanish without a word/],
    [{ trutoResponseFormat: 'stream' }, /stream is no JSON document/],
    [{ trutoResponseFormat: 'raw' }, /raw and normalized are not in the shape/],
    [{ trutoResponseFormat: 'normalized' }, /raw and normalized are not in the shape/],
    [{ trutoExcludeFields: ['id'] }, /without id users cannot be told apart/],
    [{ trutoExcludeFields: ['status'] }, /without status nobody would be seen deactivated/],
  ])('says why it refuses %j', (options, reason) => {
    expect(parse(options).error?.issues[0]?.message).toMatch(reason);
  });
});

describe('truto.scope', () => {
  const narrowing = {
    firstName: 'Ada',
    lastName: 'E',
    name: 'Ada E',
    email: 'a@example.com',
    username: 'ada',
    title: 'Engineer',
    emails: [{ email: 'a@example.com' }],
    status: { in: ['active'] },
    userType: 'user',
    roleId: 'r',
    roles: [{ id: 'r' }],
    groupId: 'g',
    groups: [{ id: 'g' }],
    workspaceId: 'w',
    organizationId: 'o',
    orgId: 'o',
    orgUnitPath: '/',
    customerId: 'c',
    product: 'teams',
    createdAt: { gt: since },
    updatedAt: since,
    includeInherited: true,
    remoteQuery: { team: 't' },
  };
  const others = {
    integratedAccountId: 'acc',
    includeLastLoginAt: true,
    sortBy: 'id',
    limit: 5,
    trutoIgnoreLimit: true,
    trutoIgnoreRemoteData: false,
    trutoExcludeFields: ['bio'],
    trutoResponseFormat: 'unified',
  };

  it('holds every option that narrows the list, and no other', () => {
    expect(truto.scope(truto.options.parse({ ...narrowing, ...others }))).toStrictEqual(narrowing);
    expect(truto.scope(truto.options.parse(others))).toStrictEqual({});
  });
});

describe('truto', () => {
  it('is one service for everybody, and the account names the directory', () => {
    const options = truto.options.parse({ integratedAccountId: 'acc' });

    expect(truto.defaultBaseUrl(options)).toBe('https://api.truto.one');
    expect(truto.account(options)).toBe('acc');
    expect(truto.account(truto.options.parse({}))).toBeUndefined();
    expect(truto.credentialSets).toStrictEqual([['token']]);
  });

  it('does not count fields that are not sent', () => {
    const fields = truto.projectionFor?.(truto.options.parse({ trutoExcludeFields: ['groups'] })) ?? [];

    expect(truto.projection.filter((field) => !fields.includes(field)).map(({ path }) => path)).toStrictEqual([
      'groups',
    ]);
    expect(truto.projectionFor?.(truto.options.parse({}))).toStrictEqual(truto.projection);
  });
});
