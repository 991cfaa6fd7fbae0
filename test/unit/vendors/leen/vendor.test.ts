import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId, cursor } from '../../../../src/model/ids.ts';
import { type LeenOptions, leen } from '../../../../src/vendors/leen/vendor.ts';
import type { PageRequest } from '../../../../src/vendors/vendor.ts';
import error422 from '../../../fixtures/vendors/leen/error-422.json' with { type: 'json' };
import plain from '../../../fixtures/vendors/leen/users-plain.json' with { type: 'json' };
import withGroups from '../../../fixtures/vendors/leen/users-with-groups.json' with { type: 'json' };
import { answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, startInstant, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxTries: 2 });
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const options = (changes: object = {}): LeenOptions =>
  leen.options.parse({ connectionId: '5e0c1f4a-0000-4000-8000-000000000009', ...changes });
const ask = (changes: Partial<PageRequest<LeenOptions>> = {}): PageRequest<LeenOptions> => ({
  connectionId: connectionId('acme-leen'),
  baseUrl: server.baseUrl,
  credentials: { apiKey: 's3cret-key' },
  options: options(),
  cursor: undefined,
  ...changes,
});
const fetchPage = (changes: Partial<PageRequest<LeenOptions>> = {}) => leen.fetchPage(ask(changes), io);
const page = (next_cursor?: unknown, items: unknown[] = []) =>
  answerJson({ items, ...(next_cursor === undefined ? {} : { next_cursor }) });
const narrowing = {
  name: 'Ada',
  status: 'ACTIVE',
  projectId: '5e0c1f4a-0000-4000-8000-000000000001',
  includeUserGroups: true,
};

describe('leen.fetchPage', () => {
  it('asks with both headers and the default limit', async () => {
    server.play(page());

    await fetchPage();

    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/itsm/users',
      query: { limit: '100' },
      headers: { 'x-api-key': 's3cret-key', 'x-connection-id': '5e0c1f4a-0000-4000-8000-000000000009' },
    });
  });

  it('reads users, the next cursor and the time of arrival', async () => {
    server.play(answerJson(withGroups));

    const { users, ...rest } = await fetchPage();

    expect(users).toHaveLength(1);
    expect(rest).toStrictEqual({
      rejected: [],
      next: '{"cursor":"eyJvZmZzZXQiOjJ9"}',
      evidence: {},
      observedAt: startInstant,
    });
  });

  it('sends every option, and the narrowing ones again with a cursor', async () => {
    server.play(page('c+2/=', []), page());
    const set = options({ ...narrowing, limit: 7 });

    const { next } = await fetchPage({ options: set });
    await fetchPage({ options: set, cursor: cursor(JSON.parse(JSON.stringify(next))) });

    const sent = { ...narrowing, includeUserGroups: 'true', limit: '7' };
    expect(server.received.map(({ query }) => query)).toStrictEqual([sent, { ...sent, cursor: 'c+2/=' }]);
  });

  it.each([
    ['null', null],
    ['absent', undefined],
    ['empty', ''],
  ])('ends when next_cursor is %s', async (_what, next) => {
    server.play(page(next, plain.items));

    expect((await fetchPage()).next).toBeNull();
  });

  it('goes on after an empty page that carries a cursor', async () => {
    server.play(page('more', []));

    expect(await fetchPage()).toMatchObject({ users: [], next: '{"cursor":"more"}' });
  });

  it('rejects one bad row and keeps the rest', async () => {
    server.play(page(null, [{ ...plain.items[0], name: 1 }, plain.items[1], { name: 'nobody' }]));

    const { users, rejected } = await fetchPage();

    expect(users.map(({ displayName }) => displayName)).toStrictEqual(['Nadia Now']);
    expect(rejected).toStrictEqual([
      { id: plain.items[0]?.id, reason: 'name: expected string' },
      { reason: 'id: expected a text or a whole number' },
    ]);
  });

  it('reports how many tries a page took', async () => {
    server.play(answerJson({}, { status: 503 }), page());

    expect((await fetchPage()).retries).toBe(1);
  });

  it.each([
    ['a bare array', [], /not a list of users \(expected object\)/],
    ['no items', { next_cursor: null }, /items: expected array/],
    ['an error in a 200', { error: 'boom' }, /items: expected array/],
    ['a cursor of another type', { items: [], next_cursor: 7 }, /next_cursor: expected string/],
  ])('rejects a page with %s', async (_what, body, expected) => {
    server.play(answerJson(body));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(expected);
  });

  it.each(['nonsense', '{"cursor":""}', '{"offset":2}'])('does not ask with the stored cursor %s', async (stored) => {
    expect((await failureOf(fetchPage({ cursor: cursor(stored) }))).code).toBe('vendor.cursor_rejected');
  });

  it.each([400, 404, 422])('takes a %i for an expired cursor where one was sent', async (status) => {
    server.play(answerJson(error422, { status }));

    const error = await failureOf(fetchPage({ cursor: cursor('{"cursor":"old"}') }));

    expect(error.code).toBe('vendor.cursor_rejected');
  });

  it('says which parameter Leen refused, and nothing of its value', async () => {
    server.play(answerJson(error422, { status: 422 }));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.rejected_request');
    expect(error.message).toBe(
      `leen connection acme-leen: GET ${server.baseUrl}/itsm/users answered 422: invalid_parameters: ` +
        'The request is not valid: query.projectId Input should be a valid UUID; check the options of the connection',
    );
  });

  it.each([
    [401, { detail: 'bad key s3cret-key' }, 'vendor.unauthorized', /401: bad key \[redacted\]; check the apiKey/],
    [403, {}, 'vendor.forbidden', /403: the connectionId \(X-CONNECTION-ID\) must belong to the account/],
    [404, { message: 'gone' }, 'vendor.not_found', /404: gone; check the connectionId and the region/],
  ])('explains a %i and what to do about it', async (status, body, code, expected) => {
    server.play(answerJson(body, { status }));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe(code);
    expect(error.message).toMatch(expected);
  });

  it.each([{}, { apiKey: '' }])('does not ask without a key: %j', async (credentials) => {
    const error = await failureOf(fetchPage({ credentials }));

    expect(error.code).toBe('config.invalid');
    expect(error.message).toMatch(/^leen connection acme-leen: credentials\.apiKey is (missing|empty)$/);
    expect(error.context).toMatchObject({ faults: [{ path: 'credentials.apiKey' }] });
  });
});

describe('leen.options', () => {
  it('fills in the region and the limit', () => {
    expect(leen.options.parse({ connectionId: 'c' })).toStrictEqual({ connectionId: 'c', region: 'us', limit: 100 });
  });

  it.each([
    ['no connectionId', { connectionId: undefined }],
    ['a connectionId no header can carry', { connectionId: 'a b' }],
    ['another region', { region: 'mars' }],
    ['another status', { status: 'active' }],
    ['a project that is no UUID', { projectId: 'p1' }],
    ['a limit below 1', { limit: 0 }],
    ['half a user', { limit: 1.5 }],
    ['a flag as text', { includeUserGroups: 'true' }],
    ['an empty name', { name: '' }],
    ['what a sweep sets itself', { cursor: 'x' }],
    ['the delta filter', { updatedSince: '2021-01-01T00:00:00+00:00' }],
    ['an option with a slip', { includeUsergroups: true }],
  ])('refuses %s', (_what, change) => {
    expect(leen.options.safeParse({ connectionId: 'c', ...change }).success).toBe(false);
  });

  it('says why it refuses a limit of 0', () => {
    const { error } = leen.options.safeParse({ connectionId: 'c', limit: 0 });

    expect(error?.issues[0]?.message).toMatch(/Leen accepts 0, but then answers no users/);
  });
});

describe('leen', () => {
  it.each([
    ['us', 'https://api.leen.dev/v1'],
    ['eu', 'https://api.eu-c1.leen.dev/v1'],
    ['ap', 'https://api.ap-se2.leen.dev/v1'],
  ])('lives in the region %s at %s', (region, baseUrl) => {
    expect(leen.defaultBaseUrl(options({ region }))).toBe(baseUrl);
  });

  it('names the directory by its connection, and its scope by what narrows the list', () => {
    const { includeUserGroups, ...scope } = narrowing;

    expect(leen.account(options())).toBe('5e0c1f4a-0000-4000-8000-000000000009');
    expect(leen.scope(options({ ...scope, includeUserGroups, limit: 7 }))).toStrictEqual(scope);
    expect(leen.scope(options())).toStrictEqual({});
  });

  it('counts groups as a change only where they are asked for', () => {
    const pathsWith = (change: object) => leen.projectionFor?.(options(change)).map(({ path }) => path);

    expect(pathsWith({})).not.toContain('groups');
    expect(pathsWith({ includeUserGroups: false })).not.toContain('groups');
    expect(pathsWith({ includeUserGroups: true })).toStrictEqual(leen.projection.map(({ path }) => path));
  });
});
