import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpFailure, HttpRequest } from '../../../../src/vendors/http/http-client.ts';
import {
  answerBytes,
  answerJson,
  hangUp,
  stallAfter,
  startVendorServer,
  staySilent,
  type VendorServer,
} from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, startMs, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxTries: 3 });
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const ask = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
  vendor: 'acme',
  connectionId: 'acme-main',
  url: new URL(`${server.baseUrl}/users?page=2`),
  secrets: [],
  ...changes,
});
const failure = (changes: Partial<HttpRequest> = {}) => failureOf(io.http.requestJson(ask(changes)));
const refuse = (status: number, headers: { [name: string]: string } = {}, body: unknown = {}) =>
  answerJson(body, { status, headers });

describe('createHttpClient', () => {
  it.each([
    [400, 'vendor.rejected_request'],
    [401, 'vendor.unauthorized'],
    [403, 'vendor.forbidden'],
    [404, 'vendor.not_found'],
    [409, 'vendor.rejected_request'],
    [410, 'vendor.not_found'],
    [422, 'vendor.rejected_request'],
    [501, 'vendor.unavailable'],
  ])('reports %i as %s, at once', async (status, code) => {
    server.play(refuse(status, { 'x-request-id': 'r-7' }));

    const error = await failure();

    expect(error.code).toBe(code);
    expect(error.message).toBe(`acme connection acme-main: GET ${server.baseUrl}/users answered ${status}`);
    expect(error.context).toStrictEqual({
      vendor: 'acme',
      address: `${server.baseUrl}/users`,
      status,
      requestId: 'r-7',
    });
  });

  it.each([
    [408, 'vendor.unavailable'],
    [429, 'vendor.rate_limited'],
    [500, 'vendor.unavailable'],
    [502, 'vendor.unavailable'],
    [503, 'vendor.unavailable'],
    [504, 'vendor.unavailable'],
  ])('tries %i again with growing jitter, then reports %s', async (status, code) => {
    server.play(refuse(status), refuse(status), refuse(status));

    const error = await failure();

    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\(tried 3 times\)$/);
    expect(io.sleptMs).toStrictEqual([250, 500]);
  });

  it('counts the tries that a success took', async () => {
    server.play(refuse(503), hangUp, answerJson([1]));

    expect(await io.http.requestJson(ask())).toMatchObject({ body: [1], retries: 2 });
  });

  it.each([
    ['seconds', '7', 7_000],
    ['an HTTP date', new Date(startMs + 9_000).toUTCString(), 9_000],
  ])('waits as long as Retry-After says in %s', async (_form, header, waitMs) => {
    server.play(refuse(429, { 'retry-after': header }), answerJson([]));

    await io.http.requestJson(ask());

    expect(io.sleptMs).toStrictEqual([waitMs]);
  });

  it('waits as long as the vendor’s own header says where Retry-After is missing', async () => {
    server.play(refuse(429, { 'x-wait': '3' }), answerJson([]));

    await io.http.requestJson(ask({ readRetryAfterMs: (headers) => Number(headers['x-wait']) * 1000 }));

    expect(io.sleptMs).toStrictEqual([3_000]);
  });

  it.each([429, 503])('reports a wait beyond the bound after a %i instead of sleeping it', async (status) => {
    server.play(refuse(status, { 'retry-after': '61' }));

    const error = await failure();

    expect(error.code).toBe('vendor.rate_limited');
    expect(error.context).toMatchObject({ retryAfterMs: 61_000 });
    expect(io.sleptMs).toStrictEqual([]);
  });

  it('stops waiting when all the time for one request would be gone', async () => {
    await io.close();
    io = createTestIo({ maxTries: 9, maxElapsedMs: 100_000 });
    server.play(refuse(503, { 'retry-after': '55' }), refuse(503, { 'retry-after': '55' }));

    expect((await failure()).message).toMatch(/tried 2 times/);
    expect(io.sleptMs).toStrictEqual([55_000]);
  });

  it.each([
    ['nothing', staySilent],
    ['half an answer', stallAfter('{"users":[')],
  ])('gives a try up that brought %s before the deadline', async (_what, answer) => {
    await io.close();
    io = createTestIo({ timeoutMs: 400, maxTries: 2 });
    server.play(answer, answer);

    const error = await failure();

    expect(error.code).toBe('vendor.timeout');
    expect(error.context).toMatchObject({ timeoutMs: 400 });
    expect(error.message).toMatch(/did not answer in full within 400 ms \(tried 2 times\)$/);
  });

  it('reports a connection that broke, after trying again', async () => {
    server.play(hangUp, hangUp, hangUp);

    const error = await failure();

    expect(error.code).toBe('vendor.unavailable');
    expect(error.message).toMatch(/could not be reached \((UND_ERR_SOCKET|ECONNRESET)\) \(tried 3 times\)$/);
  });

  it('reports a port where nobody listens', async () => {
    const gone = await startVendorServer();
    await gone.finish();

    const error = await failure({ url: new URL(`${gone.baseUrl}/users`) });

    expect(error.code).toBe('vendor.unavailable');
    expect(error.message).toMatch(/could not be reached \(ECONNREFUSED\)/);
  });

  it.each(['http://users.example.com/a', 'http://127.0.0.1.example.com/a', 'ftp://127.0.0.1/a'])(
    'sends nothing to %s',
    async (address) => {
      const error = await failure({ url: new URL(address) });

      expect(error.code).toBe('vendor.rejected_request');
      expect(error.message).toMatch(/was not sent: plain http .* use https/);
    },
  );

  it('sends no header that a line break in a credential would break', async () => {
    const error = await failure({ headers: { 'X-Api-Key': 's3cret\n' }, secrets: ['s3cret\n'] });

    expect(error.code).toBe('vendor.rejected_request');
    expect(error.message).toMatch(/the x-api-key header would hold a character that no header can carry/);
    expect(error.message).not.toContain('s3cret');
  });

  it('says what the vendor says, and believes its reading more than the status', async () => {
    const explain = ({ status, headers, body }: HttpFailure) => ({
      message: `${status} ${headers['x-why']} ${JSON.stringify(body)}`,
      requestId: 'own-1',
      code: 'vendor.cursor_rejected' as const,
    });
    server.play(refuse(503, { 'x-why': 'gone', 'x-request-id': 'r-1' }, { reason: 'expired' }));

    const error = await failure({ explain });

    expect(error.code).toBe('vendor.cursor_rejected');
    expect(error.message).toMatch(/answered 503: 503 gone {"reason":"expired"}$/);
    expect(error.context).toMatchObject({ requestId: 'own-1' });
    expect(io.sleptMs).toStrictEqual([]);
  });

  it('tries again what only the vendor knows to be passing', async () => {
    server.play(refuse(400), answerJson([]));

    await io.http.requestJson(ask({ explain: () => ({ message: 'busy', code: 'vendor.rate_limited' }) }));

    expect(io.sleptMs).toStrictEqual([250]);
  });

  it.each([
    ['HTML', answerBytes('<html>', { status: 403, headers: { 'content-type': 'text/html' } })],
    ['a huge body', refuse(403, {}, { message: 'a'.repeat(70_000) })],
    ['broken JSON', answerBytes('{', { status: 403, headers: { 'content-type': 'application/json' } })],
  ])('reports the status where a refusal carries %s', async (_what, answer) => {
    server.play(answer);
    const seen: unknown[] = [];
    const explain = ({ body }: HttpFailure) => {
      seen.push(body);
      return undefined;
    };

    const error = await failure({ explain });

    expect(error.code).toBe('vendor.forbidden');
    expect(seen).toStrictEqual([undefined]);
  });
});
