import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJson } from '../../src/vendors/http/read-json.ts';
import { readRows } from '../../src/vendors/http/read-rows.ts';
import { trutoUser } from '../../src/vendors/truto/wire.ts';
import { answerBytes, startVendorServer, type VendorServer } from '../support/vendor-server.ts';
import { createTestIo, failureOf, type TestIo } from '../unit/vendors/vendor-io.ts';

let server: VendorServer;
let io: TestIo;
beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo();
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const json = { 'content-type': 'application/json' };
const packed = (text: string) => answerBytes(gzipSync(text), { headers: { ...json, 'content-encoding': 'gzip' } });
const failure = () =>
  failureOf(io.http.requestJson({ vendor: 'acme', connectionId: 'c', url: new URL(server.baseUrl), secrets: [] }));

describe('a page that would not fit into memory', () => {
  it.each([
    ['arrays in a row', `[${'[],'.repeat(600_000)}1]`],
    ['objects in a row', `[${'{},'.repeat(600_000)}1]`],
    ['arrays within each other', `${'['.repeat(600_000)}${']'.repeat(600_000)}`],
  ])('is refused, however small it was when it came, where it is %s', async (_, text) => {
    server.play(packed(text));

    expect((await failure()).message).toMatch(
      /answered 200 with more than 500000 arrays and objects: ask for smaller pages$/,
    );
  });

  it('is told from a big page of texts that look like that', () => {
    const page = Buffer.from(JSON.stringify([{ id: 1, bio: '[{'.repeat(200_000) }]));

    expect(readJson(page, undefined)).toHaveProperty('json');
  });

  it('is refused above 32 MB, unpacked, without unpacking the rest', async () => {
    server.play(packed(`"${' '.repeat(33 * 1024 * 1024)}"`));

    expect((await failure()).message).toMatch(/a body of more than 33554432 bytes: ask for smaller pages$/);
  });

  it('cannot come packed twice', async () => {
    const twice = gzipSync(gzipSync('[]'));
    server.play(answerBytes(twice, { headers: { ...json, 'content-encoding': 'gzip, gzip' } }));

    expect((await failure()).message).toMatch(/an encoding nobody asked for/);
  });
});

describe('a row', () => {
  const read = (row: object) => readRows([row], { schema: trutoUser, toUser: (_, id) => ({ id }) });

  it('with a huge id counts as a row without', () => {
    expect(read({ id: 'x'.repeat(513) })).toStrictEqual({
      users: [],
      rejected: [{ reason: 'id: expected at most 512 characters' }],
    });
  });

  it('says of a value that does not fit where it stands and never what it is', () => {
    const { rejected } = read({ id: 'u1', emails: [{ email: { secret: 'hunter2' } }] });

    expect(rejected).toStrictEqual([{ id: 'u1', reason: 'emails.0.email: expected string' }]);
  });
});
