import { describe, expect, it } from 'vitest';
import { cursor, userId } from '../../../../src/model/ids.ts';
import { delay } from '../../../../src/vendors/delay/vendor.ts';
import list from '../../../fixtures/vendors/delay/users.json' with { type: 'json' };
import sample from '../../../fixtures/vendors/delay/users-sample-of-the-document.json' with { type: 'json' };
import { answerBytes, answerJson } from '../../../support/vendor-server.ts';
import { failureOf, startInstant } from '../vendor-io.ts';
import { optionsOf, useDelay } from './delay-under-test.ts';

const tested = useDelay();
const operator = '98d91cd7-860d-4869-937a-5af32eff2f4a';
const filters = {
  id: 'd4add56e',
  createdBy: operator,
  updatedBy: operator,
  userType: 'saas_user',
  status: 'risky',
  createdAtFrom: '2024-01-01T00:00:00Z',
  createdAtTo: '2024-02-01T00:00:00+01:00',
  updatedAtFrom: '2025-01-01T00:00:00Z',
  updatedAtTo: '2025-02-01T00:00:00Z',
  search: { parameter: 'q', text: 'ben & co' },
};

describe('delay.fetchPage', () => {
  it('says page, size, order and version, and no content type', async () => {
    tested.server.play(answerJson(list));

    await tested.fetchPage({ options: delay.options.parse({}) });

    expect(tested.server.received[0]).toMatchObject({
      method: 'GET',
      path: '/admin/v1/users',
      headers: { authorization: 'Bearer s3cret-token', 'x-api-version': 'v1', accept: 'application/json' },
    });
    expect(tested.server.received[0]?.query).toStrictEqual({
      page: '1',
      page_size: '100',
      sort_by: 'created_at',
      sort_order: 'asc',
    });
    expect(tested.server.received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('reads users and the time of arrival', async () => {
    tested.server.play(answerJson(sample));

    const { users, ...rest } = await tested.fetchPage({ options: optionsOf({ pageSize: 7 }) });

    expect(users).toHaveLength(2);
    expect(rest).toStrictEqual({ rejected: [], next: null, evidence: {}, observedAt: startInstant });
  });

  it('sends every option as the document spells it, with every page', async () => {
    tested.server.play(answerJson(sample), answerJson([]));
    const options = optionsOf({ ...filters, sortBy: 'name', sortOrder: 'desc', pageSizeParameter: 'per_page' });

    const { next } = await tested.fetchPage({ options });
    await tested.fetchPage({ options, cursor: cursor(String(next)) });

    const sent = {
      q: 'ben & co',
      id: 'd4add56e',
      created_by: operator,
      updated_by: operator,
      user_type: 'saas_user',
      status: 'risky',
      created_at_from: '2024-01-01T00:00:00Z',
      created_at_to: '2024-02-01T00:00:00+01:00',
      updated_at_from: '2025-01-01T00:00:00Z',
      updated_at_to: '2025-02-01T00:00:00Z',
      per_page: '2',
      sort_by: 'name',
      sort_order: 'desc',
    };
    expect(tested.server.received.map(({ query }) => query)).toStrictEqual([
      { ...sent, page: '1' },
      { ...sent, page: '2' },
    ]);
  });

  it('publishes risky as the operator says', async () => {
    tested.server.play(answerJson(list));

    const { users } = await tested.fetchPage({ options: optionsOf({ pageSize: 7, riskyStatus: 'suspended' }) });

    expect(users[0]).toMatchObject({ status: 'suspended', rawStatus: 'risky' });
  });

  it('rejects one bad row and keeps the rest', async () => {
    tested.server.play(answerJson([{ ...sample[0], name: 1 }, sample[1], { name: 'nobody' }]));

    const { users, rejected } = await tested.fetchPage();

    expect(users.map(({ userName }) => userName)).toStrictEqual(['john']);
    expect(rejected).toStrictEqual([
      { id: sample[0]?.id, reason: 'name: expected string' },
      { reason: 'id: expected a text or a whole number' },
    ]);
  });

  it('reports how many tries a page took', async () => {
    tested.server.play(answerJson({}, { status: 503 }), answerJson(list));

    expect((await tested.fetchPage()).retries).toBe(1);
  });

  it.each([
    ['an object', { users: sample }, /not a list of users \(expected array\)/],
    ['an error in a 200', { error: 'boom' }, /expected array/],
    ['an array of something else', [1], /0: expected object/],
    ['null', null, /expected array/],
  ])('rejects a page that is %s', async (_what, body, expected) => {
    tested.server.play(answerJson(body));

    const error = await failureOf(tested.fetchPage());

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(expected);
  });

  it.each(['nonsense', '{"page":2}', '{"cursor":"x"}'])('does not ask with the stored cursor %s', async (stored) => {
    expect((await failureOf(tested.fetchPage({ cursor: cursor(stored) }))).code).toBe('vendor.cursor_rejected');
  });

  it.each([
    [
      401,
      { detail: 's3cret-token of ben@example.com' },
      'vendor.unauthorized',
      /"\[redacted\] of \[address\]"\}; check the token/,
    ],
    [403, {}, 'vendor.forbidden', /403: \{\}; the token needs the permission to read users/],
    [404, 'gone', 'vendor.not_found', /404: gone; the base address is what stands before \/users$/],
    [409, { long: 'x'.repeat(999) }, 'vendor.rejected_request', /409: \{"long":"x{291}$/],
  ])('passes the words of a %i on, with what to do', async (status, body, code, expected) => {
    tested.server.play(answerJson(body, { status }));

    const error = await failureOf(tested.fetchPage());

    expect(error.code).toBe(code);
    expect(error.message).toMatch(expected);
  });

  it('explains a failure without JSON by its status', async () => {
    tested.server.play(answerBytes('<html>', { status: 403 }), answerBytes('', { status: 418 }));

    expect((await failureOf(tested.fetchPage())).message).toMatch(/answered 403: the token needs/);
    expect((await failureOf(tested.fetchPage())).message).toMatch(/answered 418$/);
  });
});

describe('delay.probeUser', () => {
  const probe = (id: string) => delay.probeUser?.({ ...tested.ask(), userId: userId(id) }, tested.io);

  it('finds a user by his id', async () => {
    tested.server.play(answerJson({ id: 'a/1' }));

    expect(await probe('a/1')).toBe('present');
    expect(tested.server.received[0]).toMatchObject({
      path: '/admin/v1/users/a%2F1',
      headers: { 'x-api-version': 'v1', authorization: 'Bearer s3cret-token' },
    });
  });

  it.each(['.', '..'])('does not ask for the id %s, which would be another address', async (odd) => {
    expect(await probe(odd)).toBe('unknown');
    expect(tested.server.received).toStrictEqual([]);
  });

  it.each([[{ id: 'u2', identifier: 'u1' }], [[]], [{ error: 'boom' }]])('proves nothing by %j', async (body) => {
    tested.server.play(answerJson(body));

    expect(await probe('u1')).toBe('unknown');
  });

  it.each([400, 401, 403, 404, 410])('takes a %i for row security, which proves nothing', async (status) => {
    tested.server.play(answerJson({}, { status }));

    expect(await probe('u1')).toBe('unknown');
  });

  it('fails where the vendor is down', async () => {
    tested.server.play(answerJson({}, { status: 503 }), answerJson({}, { status: 503 }));

    expect((await failureOf(Promise.resolve(probe('u1')))).code).toBe('vendor.unavailable');
  });
});

describe('delay.options', () => {
  it('fills in what the document leaves open', () => {
    expect(delay.options.parse({})).toStrictEqual({
      pageSize: 100,
      pageSizeParameter: 'page_size',
      paging: 'auto',
      riskyStatus: 'unknown',
      audience: 'https://hive.dev.delay.dev/admin/v1',
    });
  });

  it.each([
    ['users a page below 1', { pageSize: 0 }],
    ['users a page above 100', { pageSize: 101 }],
    ['half a user', { pageSize: 1.5 }],
    ['another name of the page size', { pageSizeParameter: 'limit' }],
    ['another direction', { sortOrder: 'up' }],
    ['an empty field to sort by', { sortBy: '' }],
    ['an empty filter', { status: '' }],
    ['a date without a time', { createdAtFrom: '2024-01-01' }],
    ['a time without a zone', { updatedAtTo: '2024-01-01T00:00:00' }],
    ['a search without its parameter', { search: { text: 'ben' } }],
    ['a search without a text', { search: { parameter: 'q' } }],
    ['a search by a parameter with an option of its own', { search: { parameter: 'created_at_from', text: 'x' } }],
    ['a search by what a sweep sets', { search: { parameter: 'page', text: '2' } }],
    ['a search parameter that is no name', { search: { parameter: 'q&page', text: 'x' } }],
    ['risky as another status', { riskyStatus: 'deleted' }],
    ['another way of paging', { paging: 'cursor' }],
    ['what a sweep sets itself', { page: 2 }],
    ['an option with a slip', { usertype: 'saas_user' }],
  ])('refuses %s', (_what, options) => {
    expect(delay.options.safeParse(options).success).toBe(false);
  });
});

describe('delay', () => {
  it('counts what narrows the list as its scope, and nothing else', () => {
    const rest = { sortBy: 'name', sortOrder: 'asc', pageSize: 7, paging: 'pages', riskyStatus: 'active' };

    expect(delay.scope(optionsOf({ ...filters, ...rest }))).toStrictEqual(filters);
    expect(delay.scope(optionsOf(rest))).toStrictEqual({});
  });

  it('is where the operator says, and the address names the directory', () => {
    expect([delay.defaultBaseUrl(optionsOf()), delay.account(optionsOf())]).toStrictEqual([undefined, undefined]);
    expect(delay.proves.notFound).toBe('nothing');
  });
});
