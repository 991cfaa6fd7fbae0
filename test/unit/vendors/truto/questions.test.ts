import { describe, expect, it } from 'vitest';
import { userId } from '../../../../src/model/ids.ts';
import { truto } from '../../../../src/vendors/truto/vendor.ts';
import meta from '../../../fixtures/vendors/truto/meta-list.json' with { type: 'json' };
import { answerBytes, answerJson, hangUp, type ScriptedAnswer } from '../../../support/vendor-server.ts';
import { failureOf } from '../vendor-io.ts';
import { optionsOf, trutoUnderTest } from './truto-under-test.ts';

const { tested, ask } = trutoUnderTest();

describe('truto.probeUser', () => {
  const probe = (id: string) => truto.probeUser?.({ ...ask(), userId: userId(id) }, tested.io);

  it('finds a user by his id, whatever it looks like', async () => {
    tested.server.play(answerJson({ id: 'a/b@example.com', name: 7 }));

    expect(await probe('a/b@example.com')).toBe('present');
    expect(tested.server.received[0]).toMatchObject({
      path: '/unified/user-directory/users/a%2Fb%40example.com',
      query: { integrated_account_id: 'acc-1', truto_ignore_remote_data: 'true' },
      headers: { authorization: 'Bearer s3cret-token' },
    });
  });

  const answers: readonly (readonly [string, readonly ScriptedAnswer[]])[] = [
    ['the id of somebody else', [answerJson({ id: 'u2' })]],
    ['nobody', [answerJson({})]],
    ['HTML', [answerBytes('<html>', { headers: { 'content-type': 'text/html' } })]],
    ...[400, 401, 403, 404, 410, 503].map((status) => [`${status}`, [answerJson({}, { status })]] as const),
    ...[429, 500].map(
      (status) => [`${status} twice`, [answerJson({}, { status }), answerJson({}, { status })]] as const,
    ),
  ];
  it.each(answers)('concludes nothing from %s', async (_what, script) => {
    tested.server.play(...script);

    expect(await probe('u1')).toBe('unknown');
  });

  it.each(['.', '..'])('does not ask for the id %s, which no address can hold', async (id) => {
    expect(await probe(id)).toBe('unknown');
    expect(tested.server.received).toStrictEqual([]);
  });

  it('passes on that it got no answer', async () => {
    tested.server.play(hangUp, hangUp);

    expect((await failureOf(probe('u1') ?? Promise.resolve())).code).toBe('vendor.unavailable');
  });

  it('never says that a 404 proves anything', () => {
    expect(truto.proves.notFound).toBe('nothing');
  });
});

describe('truto.describeSupport', () => {
  const describeSupport = (options = {}) =>
    truto.describeSupport?.(ask({ options: optionsOf(options) }), tested.io) ?? Promise.resolve();

  it('tells which parameters the back end supports, and which options have no effect', async () => {
    tested.server.play(answerJson(meta));

    const support = await describeSupport({
      status: { in: ['active'] },
      updatedAt: { gt: '2026-01-01T00:00:00Z' },
      firstName: 'Ada',
      sortBy: 'id',
      remoteQuery: { team: 't' },
      limit: 5,
    });

    expect(support).toStrictEqual({
      parameters: ['limit', 'status', 'updated_at', 'updated_at[gt]', 'updated_at[gte]'],
      ignoredOptions: ['firstName', 'sortBy'],
    });
    expect(tested.server.received[0]).toMatchObject({
      path: '/unified/user-directory/users/meta/list',
      query: { integrated_account_id: 'acc-1' },
    });
  });

  it.each([
    ['a map of names', { status: { type: 'string' }, type: { type: 'string' } }, ['status', 'type']],
    ['a list of names', ['status', 'limit', 'status'], ['limit', 'status']],
    ['a list of named things', [{ name: 'status' }, { title: 'x' }, null], ['status']],
    ['JSON as text', '{"properties":{"status":{}}}', ['status']],
  ])('reads %s', async (_what, query_schema, parameters) => {
    tested.server.play(answerJson({ query_schema }));

    expect(await describeSupport()).toStrictEqual({ parameters, ignoredOptions: [] });
  });

  it.each([
    ['nothing', {}],
    ['null', { query_schema: null }],
    ['text that is no JSON', { query_schema: 'type: object' }],
    ['a schema that names nothing', { query_schema: { type: 'object', additionalProperties: true } }],
    ['a list', []],
  ])('says that it does not know from %s', async (_what, body) => {
    tested.server.play(answerJson(body));

    expect(await describeSupport({ firstName: 'Ada' })).toBeUndefined();
  });

  it('passes a refusal on', async () => {
    tested.server.play(answerJson({}, { status: 401 }));

    expect((await failureOf(describeSupport())).code).toBe('vendor.unauthorized');
  });
});
