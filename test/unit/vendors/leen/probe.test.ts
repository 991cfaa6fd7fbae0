import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId, userId } from '../../../../src/model/ids.ts';
import { leen } from '../../../../src/vendors/leen/vendor.ts';
import { answerBytes, answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
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

const probe = async (id: string) => {
  const target = {
    connectionId: connectionId('acme-leen'),
    baseUrl: server.baseUrl,
    credentials: { apiKey: 's3cret-key' },
    options: leen.options.parse({ connectionId: 'c-9' }),
  };
  return leen.probeUser?.({ ...target, userId: userId(id) }, io);
};

describe('leen.probeUser', () => {
  it('finds a user who answers with his own id', async () => {
    server.play(answerJson({ id: 'u-1', name: 'Ada' }));

    expect(await probe('u-1')).toBe('present');
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/itsm/users/u-1',
      headers: { 'x-api-key': 's3cret-key', 'x-connection-id': 'c-9' },
    });
  });

  it.each([404, 410])('takes a %i for an absent user', async (status) => {
    server.play(answerJson({}, { status }));

    expect(await probe('u-1')).toBe('absent');
  });

  it.each([401, 403])('learns nothing from a %i', async (status) => {
    server.play(answerJson({}, { status }));

    expect(await probe('u-1')).toBe('unknown');
  });

  it('learns nothing from somebody else', async () => {
    server.play(answerJson({ id: 'u-2' }));

    expect(await probe('u-1')).toBe('unknown');
  });

  it.each([
    [500, answerJson({}, { status: 500 }), 'vendor.unavailable'],
    [429, answerJson({}, { status: 429 }), 'vendor.rate_limited'],
    [422, answerJson({}, { status: 422 }), 'vendor.rejected_request'],
    [200, answerBytes('<html>', { headers: { 'content-type': 'text/html' } }), 'vendor.bad_response'],
    [200, answerJson({ items: [] }), 'vendor.bad_response'],
  ])('throws what a %i means otherwise', async (_status, answer, code) => {
    server.play(answer);

    expect((await failureOf(probe('u-1'))).code).toBe(code);
  });

  it('asks for an odd id as one part of the path', async () => {
    server.play(answerJson({ id: '../a?b' }));

    expect(await probe('../a?b')).toBe('present');
    expect(server.received[0]?.path).toBe('/itsm/users/..%2Fa%3Fb');
  });

  it.each(['.', '..'])('does not ask for %s, which would be another address', async (id) => {
    expect(await probe(id)).toBe('unknown');
  });
});
