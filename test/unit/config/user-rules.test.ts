import { describe, expect, it } from 'vitest';
import { parseConnectionFile } from '../../../src/config/connection-file.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import { entryFaults, faultsOf, parseEntry } from './parse-connections.ts';

/** A connection of a real vendor, whose options decide what is known of a user. */
const readReal = (vendor: string, users: unknown, options: object = {}) => {
  const connections = [
    {
      id: 'acme',
      vendor,
      ...(vendor === 'openproject' && { baseUrl: 'https://acme.example' }),
      credentials: { apiKey: { env: 'KEY' } },
      options: vendor === 'leen' ? { connectionId: 'c', ...options } : options,
      users,
    },
  ];
  const text = JSON.stringify({ connections });
  return parseConnectionFile(text, { vendors, runtime: 'embedded', fileName: 'feed.json' }).connections[0];
};
const realFaults = (...given: Parameters<typeof readReal>) =>
  faultsOf(() => readReal(...given)).map(({ path, message }) => `${path.replace('connections[0].', '')}: ${message}`);

describe('users', () => {
  it('keeps the rules in one spelling, as they are part of the scope', () => {
    const users = {
      include: { emailDomains: ['B.example', 'a.example', 'b.example'] },
      exclude: { emailDomains: ['X.example'] },
    };

    expect(parseEntry({ users }).users).toStrictEqual({
      include: { emailDomains: ['a.example', 'b.example'] },
      exclude: { emailDomains: ['x.example'] },
    });
  });

  it('keeps groups as they are written, since an id may be meant', () => {
    const users = { include: { groups: ['b', 'A', 'A'] } };

    expect(readReal('leen', users, { includeUserGroups: true })?.users).toStrictEqual({
      include: { groups: ['A', 'b'] },
    });
  });

  it.each([{}, { include: {} }, { include: {}, exclude: {} }])('takes %j for no rules', (users) => {
    expect(parseEntry({ users })).not.toHaveProperty('users');
  });

  it.each([
    [
      { include: { emailDomains: [] } },
      'users.include.emailDomains: expected at least 1 in the list, found an empty list',
    ],
    [
      { include: { emailDomains: ['a@b.example'] } },
      'users.include.emailDomains[0]: expected a domain like acme.example, without "@", found "a@b.example"',
    ],
    [
      { exclude: { emailDomains: ['*.example'] } },
      'users.exclude.emailDomains[0]: expected a domain like acme.example, without "@", found "*.example"',
    ],
    [{ exclude: { emailDomains: 'a.example' } }, 'users.exclude.emailDomains: expected a list, found "a.example"'],
    [
      { include: { emailDomain: ['a.example'] } },
      'users.include.emailDomain: unknown key, did you mean "emailDomains"?',
    ],
    [{ only: {} }, 'users.only: unknown key: remove it (known here: include, exclude)'],
  ])('refuses %j', (users, fault) => {
    expect(entryFaults({ users })).toStrictEqual([fault]);
  });
});

describe('users, as far as a vendor knows them', () => {
  it('says which option a rule needs', () => {
    expect(realFaults('leen', { include: { groups: ['a'] }, exclude: { groups: ['b'] } })).toStrictEqual(
      ['include', 'exclude'].map(
        (side) =>
          `users.${side}.groups: leen does not tell groups of its users unless options.includeUserGroups is true: set it so, or remove the rule`,
      ),
    );
  });

  it('refuses a rule about what the vendor never tells', () => {
    expect(realFaults('openproject', { exclude: { accountTypes: ['app'], userTypes: ['x'] } })).toStrictEqual([
      'users.exclude.userTypes: openproject does not tell userType of its users: remove the rule',
      'users.exclude.accountTypes: openproject does not tell vendorAttributes.accountType of its users: remove the rule',
    ]);
  });

  it.each([
    ['leen', { exclude: { accountTypes: ['customer'] } }, {}],
    ['leen', { include: { groups: ['a'] } }, { includeUserGroups: true }],
    ['openproject', { include: { emailDomains: ['acme.example'] } }, {}],
  ])('accepts a rule of %s about what it tells: %j', (vendor, users, options) => {
    expect(readReal(vendor, users, options)?.users).toStrictEqual(users);
  });

  it('reports options with faults, and does not guess what the rest of them means', () => {
    expect(realFaults('leen', { include: { groups: ['a'] } }, { includeUserGroups: 'yes' })[0]).toBe(
      'options.includeUserGroups: expected true or false, found "yes"',
    );
  });
});
