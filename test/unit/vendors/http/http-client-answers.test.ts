import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../../src/vendors/http/http-client.ts';
import {
  answerBytes,
  answerCutShort,
  answerJson,
  startVendorServer,
  type VendorServer,
} from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, startInstant, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxBodyBytes: 100_000, maxErrorBodyBytes: 1_000, maxTries: 2 });
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
const json = { 'content-type': 'application/json' };

describe('createHttpClient', () => {
  it('returns one JSON document with its status, headers and time of arrival', async () => {
    server.play(answerJson({ users: [] }, { headers: { 'X-Request-Id': 'r1' } }));

    const { headers, ...answer } = await io.http.requestJson(ask());

    expect(answer).toStrictEqual({
      status: 200,
      setCookies: [],
      body: { users: [] },
      receivedAt: startInstant,
      retries: 0,
    });
    expect(headers).toMatchObject({ 'x-request-id': 'r1', 'content-type': 'application/json' });
  });

  it('asks for JSON and for compression, and lets the vendor set other headers', async () => {
    server.play(answerJson({}));

    await io.http.requestJson(ask({ headers: { Accept: 'application/hal+json', 'X-Key': 'k' } }));

    expect(server.received[0]?.headers).toMatchObject({
      accept: 'application/hal+json',
      'accept-encoding': 'gzip, deflate, br',
      'x-key': 'k',
    });
  });

  it('sends a form', async () => {
    server.play(answerJson({}));

    await io.http.requestJson(ask({ method: 'POST', form: { grant_type: 'password', scope: 'a b&c' } }));

    expect(server.received[0]).toMatchObject({ method: 'POST', body: 'grant_type=password&scope=a+b%26c' });
    expect(server.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('unpacks %s', async (encoding, pack) => {
    server.play(answerBytes(pack('{"name":"Zoë"}'), { headers: { ...json, 'content-encoding': encoding } }));

    expect((await io.http.requestJson(ask())).body).toStrictEqual({ name: 'Zoë' });
  });

  it.each([
    'application/json; charset=utf-8',
    'application/hal+json',
    'application/problem+json;v=1',
    'Application/JSON',
  ])('accepts the content type %s', async (type) => {
    server.play(answerBytes('[1]', { headers: { 'content-type': type } }));

    expect((await io.http.requestJson(ask())).body).toStrictEqual([1]);
  });

  it.each([
    [
      'a login page',
      '<!DOCTYPE html><html>',
      { 'content-type': 'text/html' },
      /an HTML page instead of JSON \(a login/,
    ],
    ['a login page that claims to be JSON', ' \n<html>', json, /an HTML page instead of JSON/],
    ['a page without content type', '<html>', {}, /an HTML page instead of JSON/],
    ['plain text', 'ok', { 'content-type': 'text/plain' }, /content type text\/plain instead of JSON/],
    ['nothing', '', json, /an empty body/],
    [
      'half a document',
      '{"users":[{"name":"Ann',
      json,
      /a body of 22 bytes that is not well-formed JSON: it ends in the middle/,
    ],
    ['an error in the middle of a list', '{"users":[{"id":1}{"error":"x"}]}', json, /not well-formed JSON/],
    ['two documents', '{}{}', json, /not well-formed JSON/],
    ['another encoding than UTF-8', Buffer.from('{"name":"Zoë"}', 'latin1'), json, /not UTF-8/],
    ['an unknown compression', '{}', { ...json, 'content-encoding': 'zstd' }, /an encoding nobody asked for \(zstd\)/],
    ['a false compression', '{}', { ...json, 'content-encoding': 'gzip' }, /a body that is not gzip/],
  ])('rejects %s with 200, at once and without quoting it', async (_what, body, headers, expected) => {
    server.play(answerBytes(body, { headers }));

    const error = await failure();

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(expected);
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toMatch(/Ann|Zo|error":/);
    expect(io.sleptMs).toStrictEqual([]);
  });

  it('calls a transfer that broke off a bad response, after trying again', async () => {
    server.play(answerCutShort('{"users":['), answerCutShort('{"users":['));

    const error = await failure();

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(/answered 200 with a body that was cut short \(tried 2 times\)$/);
  });

  it('recovers when the transfer broke off once', async () => {
    server.play(answerCutShort('{"users":['), answerJson({ users: [1] }));

    expect(await io.http.requestJson(ask())).toMatchObject({ body: { users: [1] }, retries: 1 });
  });

  it('takes compressed data without its end for a broken transfer', async () => {
    const cut = answerBytes(gzipSync('{"users":[]}').subarray(0, 20), {
      headers: { ...json, 'content-encoding': 'gzip' },
    });
    server.play(cut, cut);

    expect((await failure()).message).toMatch(/cut short/);
  });

  it('refuses a body above the limit', async () => {
    server.play(answerBytes(`"${'a'.repeat(100_000)}"`, { headers: json }));

    const error = await failure();

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toMatch(/a body of more than 100000 bytes/);
  });

  it('refuses a small body that unpacks to more than the limit', async () => {
    const bomb = gzipSync(`"${'a'.repeat(10_000_000)}"`);
    server.play(answerBytes(bomb, { headers: { ...json, 'content-encoding': 'gzip' } }));

    const error = await failure();

    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(error.message).toMatch(/a body of more than 100000 bytes/);
  });

  it.each([
    ['https://elsewhere.example/login?next=secret', 'https://elsewhere.example'],
    ['/login?next=secret', '/login'],
    ['http://[', 'nowhere readable'],
  ])('does not follow a redirect to %s', async (location, named) => {
    server.play(answerBytes('', { status: 302, headers: { location } }));

    const error = await failure({ headers: { authorization: 'Bearer t0ken' } });

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toContain(`answered 302 with a redirect to ${named};`);
    expect(error.message).not.toContain('next=');
    expect(server.received).toHaveLength(1);
  });
});
