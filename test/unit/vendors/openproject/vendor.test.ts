import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId, cursor } from '../../../../src/model/ids.ts';
import { type OpenprojectOptions, openproject } from '../../../../src/vendors/openproject/vendor.ts';
import type { PageRequest } from '../../../../src/vendors/vendor.ts';
import error403 from '../../../fixtures/vendors/openproject/error-403.json' with { type: 'json' };
import list from '../../../fixtures/vendors/openproject/users.json' with { type: 'json' };
import sample from '../../../fixtures/vendors/openproject/users-sample-of-the-document.json' with { type: 'json' };
import { answerBytes, answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, startInstant, startMs, type TestIo } from '../vendor-io.ts';

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

type Ask = PageRequest<OpenprojectOptions>;
const ask = (changes: Partial<Ask> = {}): Ask => ({
  connectionId: connectionId('acme-openproject'),
  baseUrl: `${server.baseUrl}/projects`,
  credentials: { apiKey: 's3cret' },
  options: openproject.options.parse({}),
  cursor: undefined,
  ...changes,
});
const fetchPage = (changes: Partial<Ask> = {}) => openproject.fetchPage(ask(changes), io);
const page = (changes: object = {}) =>
  answerJson({ ...list, ...changes }, { headers: { 'content-type': 'application/hal+json; charset=utf-8' } });
const identified = (name: string, message = 'so it is', more: object = {}) => ({
  _type: 'Error',
  errorIdentifier: `urn:openproject-org:api:v3:errors:${name}`,
  message,
  ...more,
});

describe('openproject.fetchPage', () => {
  it('asks for the first page by id, in pages of 1000', async () => {
    server.play(page());

    await fetchPage();

    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/projects/api/v3/users',
      query: { offset: '1', pageSize: '1000', sortBy: '[["id","asc"]]' },
      headers: {
        authorization: `Basic ${Buffer.from('apikey:s3cret').toString('base64')}`,
        accept: 'application/hal+json, application/json',
      },
    });
    expect(server.received[0]?.query).not.toHaveProperty('filters');
  });

  it('reads users, the total and the time of arrival', async () => {
    server.play(page());

    const { users, ...rest } = await fetchPage();

    expect(users).toHaveLength(2);
    expect(rest).toStrictEqual({
      rejected: [],
      next: '{"offset":2,"pageSize":2}',
      evidence: { total: 3, totalKind: 'hard' },
      observedAt: startInstant,
    });
  });

  it('passes filters and order on as the document spells them', async () => {
    server.play(page());
    const filters = [
      { status: { operator: '=', values: ['invited'] } },
      { name: { operator: '~', values: ['a&b ü'] } },
    ];

    await fetchPage({ options: openproject.options.parse({ filters, sortBy: [['lastname', 'desc']], pageSize: 2 }) });

    expect(server.received[0]?.query).toStrictEqual({
      offset: '1',
      pageSize: '2',
      sortBy: '[["lastname","desc"]]',
      filters: JSON.stringify(filters),
    });
  });

  it('walks in pages of the size the instance lowered it to, to the end', async () => {
    server.play(
      page({ total: 101, pageSize: 50 }),
      page({ total: 101, pageSize: 50, offset: 2 }),
      page({ total: 101, pageSize: 50, offset: 3 }),
    );

    const first = await fetchPage();
    const second = await fetchPage({ cursor: cursor(JSON.parse(JSON.stringify(first.next))) });
    const third = await fetchPage({ cursor: cursor(String(second.next)) });

    expect(server.received.map(({ query }) => `${query.offset} of ${query.pageSize}`)).toStrictEqual([
      '1 of 1000',
      '2 of 50',
      '3 of 50',
    ]);
    expect(third.next).toBeNull();
  });

  it.each([
    [100, 50, 2, null],
    [101, 50, 2, '{"offset":3,"pageSize":50}'],
    [0, 50, 1, null],
  ])('of %i users in pages of %i the page %i leads to %s', async (total, pageSize, offset, next) => {
    server.play(page({ total, pageSize, offset }));

    expect(
      (await fetchPage({ cursor: offset === 1 ? undefined : cursor(JSON.stringify({ offset, pageSize })) })).next,
    ).toBe(next);
  });

  it('leaves the document’s own sample short of its total instead of trusting its links', async () => {
    server.play(answerJson(sample));

    expect(await fetchPage()).toMatchObject({ next: null, evidence: { total: 2, totalKind: 'hard' } });
  });

  it('goes on where the sample asked for one user a page', async () => {
    server.play(answerJson(sample));

    expect((await fetchPage({ options: openproject.options.parse({ pageSize: 1 }) })).next).toBe(
      '{"offset":2,"pageSize":1}',
    );
  });

  it('rejects a page whose echoed offset is not the one asked for', async () => {
    server.play(page({ offset: 1 }));

    const error = await failureOf(fetchPage({ cursor: cursor('{"offset":2,"pageSize":2}') }));

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(/answered 200 with page 1, asked for page 2$/);
  });

  it('denies completeness when the pages change their size on the way', async () => {
    server.play(page({ offset: 2, pageSize: 30, total: 90 }));

    const { evidence } = await fetchPage({ cursor: cursor('{"offset":2,"pageSize":50}') });

    expect(evidence).toStrictEqual({ total: 90, totalKind: 'hard', vetoes: ['page_size_changed'] });
  });

  it('rejects one bad row and keeps the rest', async () => {
    const [john, rodney] = list._embedded.elements;
    server.play(page({ _embedded: { elements: [{ ...john, email: 1 }, rodney] } }));

    const { users, rejected } = await fetchPage();

    expect(users.map(({ id }) => id)).toStrictEqual(['2']);
    expect(rejected).toStrictEqual([{ id: '1', reason: 'email: expected string' }]);
  });

  it('reads the custom fields asked for', async () => {
    server.play(page());

    const { users } = await fetchPage({ options: openproject.options.parse({ customFields: ['customField1'] }) });

    expect(users[0]?.vendorAttributes).toStrictEqual({ admin: true, customField1: 'Berlin' });
  });

  it.each([
    ['a bare array', [], /not a collection of users \(expected object\)/],
    ['no total', { ...list, total: undefined }, /total: expected number/],
    ['no elements', { ...list, _embedded: {} }, /_embedded\.elements: expected array/],
    ['a page size of 0', { ...list, pageSize: 0 }, /pageSize: expected at least 1/],
    ['an error in a 200', identified('InternalServerError'), /_type: expected Collection/],
  ])('rejects a page with %s', async (_what, body, expected) => {
    server.play(answerJson(body));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(expected);
  });

  it.each(['nonsense', '{"offset":1,"pageSize":50}', '{"offset":2}', '{"offset":2,"pageSize":0}'])(
    'does not ask with the stored cursor %s',
    async (stored) => {
      expect((await failureOf(fetchPage({ cursor: cursor(stored) }))).code).toBe('vendor.cursor_rejected');
    },
  );
});

describe('openproject.fetchPage, refused', () => {
  it.each([
    [
      401,
      identified('Unauthenticated'),
      'vendor.unauthorized',
      /Unauthenticated: so it is; check the credential, .*where Basic is switched off/,
    ],
    [
      403,
      error403,
      'vendor.forbidden',
      /MissingPermission: You are not allowed to list users\.; .*manage_user.* not signed in is told the same/,
    ],
    [403, identified('InsufficientScope'), 'vendor.forbidden', /scope api_v3/],
    [404, identified('NotFound'), 'vendor.not_found', /the base address is the root of the instance/],
    [
      400,
      identified('InvalidQuery', 'Unknown sort column.'),
      'vendor.rejected_request',
      /Unknown sort column\.; check the options filters and sortBy/,
    ],
    [500, identified('MissingPermission'), 'vendor.forbidden', /answered 500: MissingPermission/],
    [422, identified('Unheard'), 'vendor.rejected_request', /answered 422: Unheard: so it is$/],
  ])('explains a %i by its identifier', async (status, body, code, expected) => {
    server.play(answerJson(body, { status, headers: { 'content-type': 'application/hal+json' } }));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe(code);
    expect(error.message).toMatch(expected);
    expect(io.sleptMs).toStrictEqual([]);
  });

  it('lists what is wrong where several things are', async () => {
    const errors = [identified('InvalidQuery', 'Bad filter.'), identified('InvalidQuery', 'Bad order.')];
    server.play(answerJson(identified('MultipleErrors', 'Several.', { _embedded: { errors } }), { status: 400 }));

    expect((await failureOf(fetchPage())).message).toMatch(/MultipleErrors: Several\.; Bad filter\.; Bad order\.$/);
  });

  it('knows what to do about a 401 that is not OpenProject’s own', async () => {
    server.play(answerBytes('<html>', { status: 401, headers: { 'content-type': 'text/html' } }));

    expect((await failureOf(fetchPage())).message).toMatch(/answered 401: check the credential/);
  });

  it('tries an internal error again', async () => {
    server.play(answerJson(identified('InternalServerError'), { status: 500 }), page());

    expect((await fetchPage()).retries).toBe(1);
  });

  it('waits until the epoch second that RateLimit-Reset names', async () => {
    const reset = String(startMs / 1000 + 4);
    server.play(
      answerBytes('Your request has been throttled.', { status: 429, headers: { 'RateLimit-Reset': reset } }),
      page(),
    );

    await fetchPage();

    expect(io.sleptMs).toStrictEqual([4_000]);
  });

  it.each(['5', 'soon', String(startMs / 1000 - 1)])(
    'backs off by itself when RateLimit-Reset is %s',
    async (reset) => {
      server.play(answerBytes('', { status: 429, headers: { 'RateLimit-Reset': reset } }), page());

      await fetchPage();

      expect(io.sleptMs).toStrictEqual([250]);
    },
  );
});
