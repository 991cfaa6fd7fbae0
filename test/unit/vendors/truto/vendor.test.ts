import { describe, expect, it } from 'vitest';
import { cursor } from '../../../../src/model/ids.ts';
import { truto } from '../../../../src/vendors/truto/vendor.ts';
import list from '../../../fixtures/vendors/truto/users.json' with { type: 'json' };
import { answerJson } from '../../../support/vendor-server.ts';
import { failureOf, startInstant } from '../vendor-io.ts';
import { optionsOf, trutoUnderTest } from './truto-under-test.ts';

const { tested, ask, fetchPage } = trutoUnderTest();
const page = (changes: object = {}) => answerJson({ result: [], next_cursor: null, ...changes });
const queries = () => tested.server.received.map(({ query }) => query);

describe('truto.fetchPage', () => {
  it('asks with the token for the account, without the record of the back end and without a cursor', async () => {
    tested.server.play(page());

    await fetchPage();

    expect(tested.server.received[0]).toMatchObject({
      method: 'GET',
      path: '/unified/user-directory/users',
      headers: { authorization: 'Bearer s3cret-token' },
    });
    expect(queries()).toStrictEqual([{ integrated_account_id: 'acc-1', truto_ignore_remote_data: 'true' }]);
  });

  it('leaves the account to the token where none is named', async () => {
    tested.server.play(page());

    await fetchPage({ options: truto.options.parse({}) });

    expect(queries()).toStrictEqual([{ truto_ignore_remote_data: 'true' }]);
  });

  it('reads users, the next cursor and the time of arrival', async () => {
    tested.server.play(answerJson(list));

    const { users, ...rest } = await fetchPage();

    expect(users.map(({ id }) => id)).toStrictEqual(['ada@example.com', 'u-2']);
    expect(rest).toStrictEqual({
      rejected: [],
      next: '{"cursor":"eyJwYWdlIjoyfQ=="}',
      evidence: {},
      observedAt: startInstant,
    });
  });

  it('spells every option as Truto does, and sends all of them with a cursor again', async () => {
    tested.server.play(page({ next_cursor: 'c+2/=' }), page());
    const plain = {
      firstName: 'Ada',
      lastName: 'É',
      name: 'Ada & É',
      email: 'a+b@example.com',
      username: 'ada',
      title: 'x',
      userType: 'end_user',
      roleId: 'r',
      groupId: 'g',
      workspaceId: 'w',
      organizationId: 'o',
      orgId: 'i',
      orgUnitPath: '/Sales/EU',
      customerId: 'c',
      product: 'teams',
      sortBy: 'updated_at',
    };
    const options = optionsOf({
      ...plain,
      limit: 7,
      status: { in: ['active', 'invited'] },
      emails: [{ email: 'a@example.com', type: 'work', isPrimary: true }],
      roles: [{ id: 'r1', workspace: 'w1' }, { name: 'Admin' }],
      groups: [{ id: 'g1' }],
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: { gt: '2026-01-01T00:00:00Z', lte: '2026-02-01T00:00:00+01:00' },
      includeInherited: true,
      includeLastLoginAt: false,
      remoteQuery: { workspaceId: 'W', deep: { keepMe: [1, 2], on: true } },
      trutoIgnoreLimit: true,
      trutoIgnoreRemoteData: false,
      trutoExcludeFields: ['avatar', 'bio'],
      trutoResponseFormat: 'unified',
    });

    const { next } = await fetchPage({ options });
    await fetchPage({ options, cursor: cursor(JSON.parse(JSON.stringify(next))) });

    const sent = {
      integrated_account_id: 'acc-1',
      first_name: 'Ada',
      last_name: 'É',
      name: 'Ada & É',
      email: 'a+b@example.com',
      username: 'ada',
      title: 'x',
      user_type: 'end_user',
      role_id: 'r',
      group_id: 'g',
      workspace_id: 'w',
      organization_id: 'o',
      org_id: 'i',
      org_unit_path: '/Sales/EU',
      customer_id: 'c',
      product: 'teams',
      sort_by: 'updated_at',
      limit: '7',
      'status[in]': 'active,invited',
      'emails[0][email]': 'a@example.com',
      'emails[0][type]': 'work',
      'emails[0][is_primary]': 'true',
      'roles[0][id]': 'r1',
      'roles[0][workspace]': 'w1',
      'roles[1][name]': 'Admin',
      'groups[0][id]': 'g1',
      created_at: '2026-01-01T00:00:00Z',
      'updated_at[gt]': '2026-01-01T00:00:00Z',
      'updated_at[lte]': '2026-02-01T00:00:00+01:00',
      include_inherited: 'true',
      include_last_login_at: 'false',
      'remote_query[workspaceId]': 'W',
      'remote_query[deep][keepMe][]': '2',
      'remote_query[deep][on]': 'true',
      truto_ignore_limit: 'true',
      truto_ignore_remote_data: 'false',
      truto_exclude_fields: 'avatar,bio',
      truto_response_format: 'unified',
    };
    expect(queries()).toStrictEqual([sent, { ...sent, next_cursor: 'c+2/=' }]);
  });

  it.each([
    ['null', { next_cursor: null }],
    ['absent', { next_cursor: undefined }],
    ['empty', { next_cursor: '' }],
  ])('ends when next_cursor is %s', async (_what, change) => {
    tested.server.play(page({ ...list, ...change }));

    expect((await fetchPage()).next).toBeNull();
  });

  it('goes on after an empty page that carries a cursor', async () => {
    tested.server.play(page({ next_cursor: 'more' }));

    expect(await fetchPage()).toMatchObject({ users: [], next: '{"cursor":"more"}' });
  });

  it.each([true, 'true', 1])('denies completeness where is_partial_response is %j', async (is_partial_response) => {
    tested.server.play(page({ is_partial_response }));

    expect((await fetchPage()).evidence).toStrictEqual({ vetoes: ['is_partial_response'] });
  });

  it.each([false, null, undefined])('denies nothing where is_partial_response is %j', async (is_partial_response) => {
    tested.server.play(page({ is_partial_response }));

    expect((await fetchPage()).evidence).toStrictEqual({});
  });

  it('rejects one bad row and keeps the rest', async () => {
    tested.server.play(page({ result: [{ id: 'u1', name: 1 }, { id: 'u2' }, { name: 'nobody' }, null] }));

    const { users, rejected } = await fetchPage();

    expect(users).toStrictEqual([{ id: 'u2' }]);
    expect(rejected).toStrictEqual([
      { id: 'u1', reason: 'name: expected string' },
      { reason: 'id: expected a text or a whole number' },
      { reason: 'expected an object' },
    ]);
  });

  it.each([
    ['users by a key instead of a list', { result: { 'u-1': { id: 'u-1' } } }, /result: expected array/],
    ['a bare array', [], /not a list of users \(expected object\)/],
    ['an error in a 200', { statusCode: 500, error: 'boom' }, /result: expected array/],
    ['a cursor of another type', { result: [], next_cursor: 7 }, /next_cursor: expected string/],
  ])('rejects a page with %s', async (_what, body, expected) => {
    tested.server.play(answerJson(body));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(expected);
  });

  it.each(['nonsense', '{"cursor":""}', '{"offset":2}'])('does not ask with the stored cursor %s', async (stored) => {
    expect((await failureOf(fetchPage({ cursor: cursor(stored) }))).code).toBe('vendor.cursor_rejected');
  });

  it.each([{}, { token: '' }])('does not ask without a token: %j', async (credentials) => {
    const error = await failureOf(fetchPage({ credentials }));

    expect(error.code).toBe('config.invalid');
    expect(error.message).toMatch(/^truto connection acme-truto: credentials\.token is (missing|empty)$/);
  });
});

describe('truto.budgets', () => {
  const budgetsOf = (changes: object) => truto.budgets?.(ask(changes)) ?? [];
  const keysOf = (changes: object) => budgetsOf(changes).map(({ key }) => key);

  it('allows an account 50 requests in 10 s and a token 500', () => {
    expect(budgetsOf({}).map(({ requests, perMs }) => [requests, perMs])).toStrictEqual([
      [50, 10_000],
      [500, 10_000],
    ]);
  });

  it('counts two accounts of a token apart and together, and the token under no name that shows it', () => {
    const [one, other] = [keysOf({}), keysOf({ options: optionsOf({ integratedAccountId: 'acc-2' }) })];

    expect(one[0]).not.toBe(other[0]);
    expect(one[1]).toBe(other[1]);
    expect([...one, ...other].join()).not.toContain('s3cret-token');
  });

  it('counts account tokens apart, whose accounts it does not know', () => {
    const options = truto.options.parse({});

    const [one, other] = [keysOf({ options }), keysOf({ options, credentials: { token: 'another' } })];

    expect(one[0]).not.toBe(other[0]);
    expect(one[1]).not.toBe(other[1]);
  });
});
