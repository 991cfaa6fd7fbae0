import { describe, expect, it } from 'vitest';
import { cursor } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import { truto } from '../../../../src/vendors/truto/vendor.ts';
import meta from '../../../fixtures/vendors/truto/meta-list.json' with { type: 'json' };
import { answerBytes, answerJson, hangUp, type ScriptedAnswer } from '../../../support/vendor-server.ts';
import { failureOf } from '../vendor-io.ts';
import { optionsOf, trutoUnderTest } from './truto-under-test.ts';

const { tested, ask, fetchPage } = trutoUnderTest();
const updatedSince = instant(Date.UTC(2026, 10, 23));

describe('truto.fetchPage for changed users', () => {
  it('says after when on every page, beside what narrows the list', async () => {
    tested.server.play(answerJson({ result: [], next_cursor: 'c2' }), answerJson({ result: [] }));
    const options = optionsOf({ status: 'active', createdAt: { gt: '2020-01-01T00:00:00Z' } });

    await fetchPage({ options, updatedSince });
    await fetchPage({ options, updatedSince, cursor: cursor('{"cursor":"c2"}') });

    const [first, second] = tested.server.received.map(({ query }) => query);
    expect(first).toStrictEqual({
      integrated_account_id: 'acc-1',
      status: 'active',
      'created_at[gt]': '2020-01-01T00:00:00Z',
      'updated_at[gt]': '2026-11-23T00:00:00.000Z',
      truto_ignore_remote_data: 'true',
    });
    expect(second).toStrictEqual({ ...first, next_cursor: 'c2' });
  });
});

describe('truto.delta.supports', () => {
  const supports = async () => truto.delta?.supports?.(ask(), tested.io);
  const listing = (properties: object) => answerJson({ query_schema: { type: 'object', properties } });

  it('asks the meta route of the account', async () => {
    tested.server.play(answerJson(meta));

    expect(await supports()).toBe(true);
    expect(tested.server.received[0]).toMatchObject({
      path: '/unified/user-directory/users/meta/list',
      query: { integrated_account_id: 'acc-1' },
    });
  });

  const saysNothing: readonly (readonly [string, ScriptedAnswer])[] = [
    ['it is not listed', listing({ status: {} })],
    ['it is listed without the operator', listing({ updated_at: { type: 'string' } })],
    ['another field has the operator', listing({ created_at: { properties: { gt: {} } } })],
    ['the answer cannot be read', answerJson({ query_schema: 7 })],
    ['the answer is HTML', answerBytes('<html>', { headers: { 'content-type': 'text/html' } })],
    ...[400, 403, 404].map((status) => [`${status} is answered`, answerJson({}, { status })] as const),
  ];
  it.each(saysNothing)('does not count on the filter where %s', async (_what, answer) => {
    tested.server.play(answer);

    expect(await supports()).toBe(false);
  });

  it.each([
    ['401', [answerJson({}, { status: 401 })], 'vendor.unauthorized'],
    ['429 twice', [answerJson({}, { status: 429 }), answerJson({}, { status: 429 })], 'vendor.rate_limited'],
    ['500 twice', [answerJson({}, { status: 500 }), answerJson({}, { status: 500 })], 'vendor.unavailable'],
    ['nothing at all', [hangUp, hangUp], 'vendor.unavailable'],
  ] as const)('leaves it open where %s is answered, which passes', async (_what, script, code) => {
    tested.server.play(...script);

    expect((await failureOf(supports())).code).toBe(code);
  });
});
