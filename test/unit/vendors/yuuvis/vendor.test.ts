import { describe, expect, it } from 'vitest';
import error401 from '../../../fixtures/vendors/yuuvis/error-401.json' with { type: 'json' };
import list from '../../../fixtures/vendors/yuuvis/users.json' with { type: 'json' };
import sample from '../../../fixtures/vendors/yuuvis/users-sample-of-the-document.json' with { type: 'json' };
import { answerBytes, answerJson } from '../../../support/vendor-server.ts';
import { failureOf, startInstant } from '../vendor-io.ts';
import { openYuuvis, pageOf } from './yuuvis-under-test.ts';

const yuuvis = openYuuvis();

describe('yuuvis.fetchPage', () => {
  it('asks for the first page of whole users, in pages of 100', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson(list));

    await fetchPage();

    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/tenant-management/api/idm/users',
      query: { first: '0', max: '100', briefRepresentation: 'false' },
      headers: { 'x-id-tenant-name': 'acme', accept: 'application/json' },
    });
    expect(server.received[0]?.query).not.toHaveProperty('search');
  });

  it('sends every option with every page', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(['a', 'b', 'c']), pageOf(['c', 'd'], { hasMoreItems: false }));
    const options = { max: 3, briefRepresentation: true, search: 'a&b ü' };

    const { next } = await fetchPage({ options });
    await fetchPage({ options }, next);

    const sent = { max: '3', briefRepresentation: 'true', search: 'a&b ü' };
    expect(server.received.map(({ query }) => query)).toStrictEqual([
      { first: '0', ...sent },
      { first: '2', ...sent },
    ]);
  });

  it('reads users, the total and the time of arrival', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson(list));

    const { users, ...rest } = await fetchPage();

    expect(users).toHaveLength(2);
    expect(rest).toStrictEqual({
      rejected: [],
      next: null,
      evidence: { total: 2, totalKind: 'soft' },
      observedAt: startInstant,
    });
  });

  it('goes on within the document’s own sample, whose total is 89', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson(sample));

    expect(await fetchPage({ options: { max: 3 } })).toMatchObject({
      next: '{"first":2,"tail":["a6f5e1aa-ff42-4140-b9ec-5de4cc61f1a9"],"shortBy":0}',
      evidence: { total: 89, totalKind: 'soft' },
    });
  });

  it('ends at hasMoreItems: false alone, whatever the total says', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(
      pageOf(['a', 'b'], { hasMoreItems: false, totalNumItems: 89 }),
      pageOf(['a', 'b'], { totalNumItems: 2 }),
    );

    expect((await fetchPage()).next).toBeNull();
    expect((await fetchPage()).next).not.toBeNull();
  });

  it('takes an empty list that ends for what it says', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf([], { hasMoreItems: false, totalNumItems: 0 }));

    expect(await fetchPage()).toMatchObject({ users: [], next: null, evidence: { total: 0 } });
  });

  it('does without the counts where they are missing', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson({ objects: list.objects, hasMoreItems: true, numItems: null }));

    const { evidence, next } = await fetchPage({ options: { max: 2 } });

    expect(evidence).toStrictEqual({});
    expect(next).toContain('"first":1');
  });

  it('denies completeness when a page holds fewer users than it counts, and skips nobody', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(pageOf(['a', 'b'], { numItems: 3 }), pageOf(['a', 'b', 'c', 'd'], { numItems: 2 }));

    const [fewer, more] = [await fetchPage(), await fetchPage()];

    expect([fewer.evidence.vetoes, more.evidence.vetoes]).toStrictEqual([['num_items_differs'], ['num_items_differs']]);
    expect([fewer.next, more.next]).toStrictEqual(Array(2).fill('{"first":1,"tail":["b"],"shortBy":98}'));
  });

  it('rejects one bad row and keeps the rest', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(
      answerJson({ ...list, objects: [{ ...list.objects[0], username: 1 }, list.objects[1], { username: 'nobody' }] }),
    );

    const { users, rejected } = await fetchPage();

    expect(users.map(({ userName }) => userName)).toStrictEqual(['bob-disabled']);
    expect(rejected).toStrictEqual([
      { id: list.objects[0]?.id, reason: 'username: expected string' },
      { reason: 'id: expected a text or a whole number' },
    ]);
  });

  it('reports how many tries a page took', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson({}, { status: 503 }), answerJson(list));

    expect((await fetchPage()).retries).toBe(1);
  });

  it.each([
    ['a bare array, as the sibling endpoints answer', list.objects, /not a list of users \(expected object\)/],
    ['no objects', { numItems: 0, hasMoreItems: false }, /objects: expected array/],
    ['no end signal', { objects: [], numItems: 0 }, /hasMoreItems: expected boolean/],
    ['an end signal as text', { ...list, hasMoreItems: 'false' }, /hasMoreItems: expected boolean/],
    ['a count that is none', { ...list, totalNumItems: -1 }, /totalNumItems/],
    ['an error instead of users', { error: 'unknown_error' }, /with an error inside: unknown_error/],
    ['an error beside users', { ...list, error: 'unknown_error' }, /with an error inside: unknown_error/],
    [
      'an error after the users',
      { ...list, objects: [...list.objects, { error: 'unknown_error' }] },
      /with an error inside/,
    ],
    [
      'nobody, and that there are more',
      { objects: [], numItems: 0, hasMoreItems: true },
      /no users, but hasMoreItems: true/,
    ],
    [
      'a count of 0, and that there are more',
      { ...list, numItems: 0, hasMoreItems: true },
      /no users, but hasMoreItems/,
    ],
    [
      'a lost page, and that there are more',
      { objects: [], numItems: 3, hasMoreItems: true },
      /no users, but hasMoreItems/,
    ],
  ])('refuses a page with %s', async (_what, body, expected) => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson(body));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(expected);
  });

  it('takes a user for a user even if he has a field called error', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson({ ...list, objects: [{ ...list.objects[0], error: 'none' }] }));

    expect((await fetchPage()).users).toHaveLength(1);
  });

  it('follows no redirect and reads no login page', async () => {
    const { server, fetchPage } = yuuvis();
    server.play(
      answerBytes('', { status: 302, headers: { location: '/login' } }),
      answerBytes('<html>', { headers: { 'content-type': 'text/html' } }),
    );

    const errors = [await failureOf(fetchPage()), await failureOf(fetchPage())];

    expect(errors.map(({ code }) => code)).toStrictEqual(['vendor.bad_response', 'vendor.bad_response']);
  });

  it.each([
    [
      401,
      error401,
      'vendor.unauthorized',
      /401: Unauthorized: Full authentication is required; .*belongs to the tenant/,
    ],
    [403, {}, 'vendor.forbidden', /403: the user of the credential must be allowed/],
    [
      404,
      { error: 'Realm does not exist' },
      'vendor.not_found',
      /404: Realm does not exist; the base address is the root/,
    ],
    [400, { errorMessage: 'bad max' }, 'vendor.rejected_request', /400: bad max; check the options max and search/],
    [
      418,
      { error: 'teapot', error_description: 'short and stout' },
      'vendor.rejected_request',
      /418: teapot: short and stout$/,
    ],
    [418, 'nothing', 'vendor.rejected_request', /answered 418$/],
  ])('explains a %i and what to do about it', async (status, body, code, expected) => {
    const { server, fetchPage } = yuuvis();
    server.play(answerJson(body, { status }));

    const error = await failureOf(fetchPage());

    expect(error.code).toBe(code);
    expect(error.message).toMatch(expected);
  });
});

describe('yuuvis.probeUser', () => {
  const [ada] = list.objects;
  const id = ada?.id ?? '';

  it('finds a user who is there', async () => {
    const { server, probe } = yuuvis();
    server.play(answerJson(ada));

    expect(await probe(id)).toBe('present');
    expect(server.received[0]).toMatchObject({
      path: `/tenant-management/api/idm/users/${id}`,
      query: {},
      headers: { 'x-id-tenant-name': 'acme' },
    });
  });

  it.each([
    [404, 'absent'],
    [410, 'absent'],
    [401, 'unknown'],
    [403, 'unknown'],
  ])('takes a %i for %s', async (status, presence) => {
    const { server, probe } = yuuvis();
    server.play(answerJson({}, { status }));

    expect(await probe(id)).toBe(presence);
  });

  it.each([
    ['a list', list],
    ['somebody else', list.objects[1]],
    ['nothing', {}],
  ])('learns nothing from a 200 that shows %s', async (_what, body) => {
    const { server, probe } = yuuvis();
    server.play(answerJson(body));

    expect(await probe(id)).toBe('unknown');
  });

  it('does not take a missing token endpoint for a missing user', async () => {
    const { server, probe } = yuuvis();
    server.play(answerJson({}, { status: 404 }));
    const credentials = { clientId: 'c1', clientSecret: 's3cret', tokenUrl: `${server.baseUrl}/realms/acme/token` };

    expect((await failureOf(probe(id, { credentials }))).code).toBe('vendor.not_found');
  });

  it('throws what says nothing about the user', async () => {
    const { server, probe } = yuuvis();
    server.play(answerJson({}, { status: 503 }), answerJson({}, { status: 503 }));

    expect((await failureOf(probe(id))).code).toBe('vendor.unavailable');
  });

  it.each(['.', '..'])('does not ask for the id %s, whose 404 would be that of another address', async (odd) => {
    const { server, probe } = yuuvis();

    expect(await probe(odd)).toBe('unknown');
    expect(server.received).toStrictEqual([]);
  });

  it('writes an id so that it stays one part of the path', async () => {
    const { server, probe } = yuuvis();
    server.play(answerJson({ id: 'a/b?c' }));

    expect(await probe('a/b?c')).toBe('present');
    expect(server.received[0]?.path).toBe('/tenant-management/api/idm/users/a%2Fb%3Fc');
  });
});
