import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId, userId } from '../../../../src/model/ids.ts';
import { openproject } from '../../../../src/vendors/openproject/vendor.ts';
import { answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxTries: 1 });
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const probe = async (id = '7', credentials: { readonly [name: string]: string } = { apiKey: 's3cret' }) => {
  const target = {
    connectionId: connectionId('acme-openproject'),
    baseUrl: `${server.baseUrl}/projects`,
    credentials,
    options: openproject.options.parse({}),
  };
  return openproject.probeUser?.({ ...target, userId: userId(id) }, io);
};
const refusal = (name: string, status: number) =>
  answerJson({ _type: 'Error', errorIdentifier: `urn:openproject-org:api:v3:errors:${name}` }, { status });

describe('openproject.probeUser', () => {
  it('finds a user who answers with his own id', async () => {
    server.play(answerJson({ _type: 'User', id: 7 }));

    expect(await probe()).toBe('present');
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/projects/api/v3/users/7',
      query: {},
      headers: { authorization: `Basic ${Buffer.from('apikey:s3cret').toString('base64')}` },
    });
  });

  it.each([
    ['NotFound', 404, 'absent'],
    ['NotFound', 410, 'absent'],
    ['Unauthenticated', 401, 'unknown'],
    ['MissingPermission', 403, 'unknown'],
    ['MissingPermission', 404, 'unknown'],
  ])('reads %s with %i as %s', async (name, status, presence) => {
    server.play(refusal(name, status));

    expect(await probe()).toBe(presence);
  });

  it('learns nothing from somebody else, whose login was meant', async () => {
    server.play(answerJson({ _type: 'User', id: 8, login: '7' }));

    expect(await probe()).toBe('unknown');
  });

  it('throws other faults', async () => {
    server.play(refusal('InternalServerError', 500));

    expect((await failureOf(probe())).code).toBe('vendor.unavailable');
  });

  it('does not take a token endpoint that is not found for an absent user', async () => {
    server.play(answerJson({}, { status: 404 }));

    const error = await failureOf(probe('7', { clientId: 'c', clientSecret: 's' }));

    expect([error.code, server.received[0]?.path]).toStrictEqual(['vendor.not_found', '/projects/oauth/token']);
  });

  it.each(['ada', '0', '..', '7/../8', ''])('does not ask for %j, which is no id', async (id) => {
    expect(await probe(id)).toBe('unknown');
  });
});
