import { describe, expect, it } from 'vitest';
import type { ObservedUser } from '../../../src/model/canonical-user.ts';
import { userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { UserRules } from '../../../src/model/user-rules.ts';
import { selectUsers } from '../../../src/vendors/select-users.ts';

const ada = {
  id: userId('ada'),
  userType: 'Employee',
  emails: [{ value: 'ada@home.example' }, { value: 'Ada@Acme.Example' }],
  groups: [{ id: 'G1', name: 'Analysts' }],
  vendorAttributes: { accountType: 'atlassian' },
};
const bot = { id: userId('bot'), vendorAttributes: { accountType: 'app' } };
const nobody = { id: userId('nobody') };

const pageWith = (users: readonly ObservedUser[]) => ({
  users,
  rejected: [{ id: userId('bad'), reason: 'name: expected string' }],
  next: null,
  evidence: { total: 4 },
  observedAt: instant(0),
});
const passing = (rules: UserRules) => selectUsers(pageWith([ada, bot, nobody]), rules).users.map(({ id }) => id);

describe(selectUsers, () => {
  it('names those who do not pass, and leaves everything else about the page', () => {
    const page = pageWith([ada, bot, nobody]);

    expect(selectUsers(page, { exclude: { accountTypes: ['app'] } })).toStrictEqual({
      ...page,
      users: [ada, nobody],
      excluded: ['bot'],
    });
  });

  it('leaves a page alone on which everybody passes', () => {
    const page = pageWith([ada]);

    expect(selectUsers(page, { exclude: { accountTypes: ['app'] } })).toBe(page);
  });

  it.each<[string, UserRules['include'] & object]>([
    ['the type', { userTypes: ['employee'] }],
    ['the account type', { accountTypes: ['ATLASSIAN'] }],
    ['any of the domains', { emailDomains: ['acme.example'] }],
    ['the id of a group', { groups: ['G1'] }],
    ['the name of a group', { groups: ['analysts'] }],
    ['one of several values', { groups: ['other', 'G1'], userTypes: ['EMPLOYEE', 'guest'] }],
  ])('matches %s', (_what, rule) => {
    expect(passing({ include: rule })).toStrictEqual(['ada']);
    expect(passing({ exclude: rule })).toStrictEqual(['bot', 'nobody']);
  });

  it.each<[string, UserRules['include'] & object]>([
    ['a part of the domain', { emailDomains: ['example'] }],
    ['a domain that ends like it', { emailDomains: ['cme.example'] }],
    ['the whole address', { emailDomains: ['ada@acme.example'] }],
    ['the id of a group in another case', { groups: ['g1'] }],
    ['a part of a name', { groups: ['analyst'] }],
    ['another type', { userTypes: ['guest'] }],
  ])('does not match %s', (_what, rule) => {
    expect(passing({ include: rule })).toStrictEqual([]);
    expect(passing({ exclude: rule })).toStrictEqual(['ada', 'bot', 'nobody']);
  });

  it('asks for a match of every included property', () => {
    expect(passing({ include: { groups: ['G1'], userTypes: ['employee'] } })).toStrictEqual(['ada']);
    expect(passing({ include: { groups: ['G1'], userTypes: ['guest'] } })).toStrictEqual([]);
  });

  it('needs one match only to exclude', () => {
    expect(passing({ exclude: { groups: ['G1'], accountTypes: ['app'] } })).toStrictEqual(['nobody']);
  });

  it('excludes whoever is included, too', () => {
    expect(passing({ include: { userTypes: ['employee'] }, exclude: { groups: ['G1'] } })).toStrictEqual([]);
  });

  it('reads the domain after the last @', () => {
    const odd = { id: userId('odd'), emails: [{ value: '"a@b.example"@acme.example' }, { value: 'no address' }] };

    expect(selectUsers(pageWith([odd]), { include: { emailDomains: ['acme.example'] } }).users).toStrictEqual([odd]);
    expect(selectUsers(pageWith([odd]), { include: { emailDomains: ['no address'] } }).users).toStrictEqual([]);
  });
});
