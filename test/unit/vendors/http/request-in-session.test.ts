import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestInSession } from '../../../../src/vendors/http/request-in-session.ts';
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

const request = (key = 'acme') =>
  requestInSession(io, key, { vendor: 'v', connectionId: 'c', url: new URL(`${server.baseUrl}/users`), secrets: [] });
const opening = (session: string) => answerJson({}, { headers: { 'set-cookie': `SESSION=${session}; Path=/` } });
const refuse = answerJson({}, { status: 401 });
const cookies = () => server.received.map(({ headers }) => headers.cookie);

describe('requestInSession', () => {
  it('sends the cookies of earlier answers, by key', async () => {
    server.play(opening('one'), answerJson({}), answerJson({}));

    await request();
    await request();
    await request('other');

    expect(cookies()).toStrictEqual([undefined, 'SESSION=one', undefined]);
  });

  it('drops a session that is refused, and tries once without it', async () => {
    server.play(opening('one'), refuse, opening('two'), answerJson({}));

    await request();
    await request();
    await request();

    expect(cookies()).toStrictEqual([undefined, 'SESSION=one', undefined, 'SESSION=two']);
  });

  it('does not try again where no session could be to blame', async () => {
    server.play(refuse, opening('one'), refuse, refuse, answerJson({}, { status: 403 }));

    const without = await failureOf(request());
    await request();
    const within = await failureOf(request());
    const forbidden = await failureOf(request());

    expect([without, within, forbidden].map(({ code }) => code)).toStrictEqual([
      'vendor.unauthorized',
      'vendor.unauthorized',
      'vendor.forbidden',
    ]);
    expect(cookies()).toStrictEqual([undefined, undefined, 'SESSION=one', undefined, undefined]);
  });

  it('keeps a session that another request has opened meanwhile', async () => {
    server.play(
      opening('one'),
      (response, received) => {
        io.sessions.drop('acme');
        io.sessions.keep('acme', ['SESSION=two; Path=/']);
        refuse(response, received);
      },
      answerJson({}),
    );

    await request();
    await request();

    expect(cookies()).toStrictEqual([undefined, 'SESSION=one', 'SESSION=two']);
  });

  it('lets no session out in a message', async () => {
    server.play(opening('s3cret-session'), answerJson({}, { status: 500 }));
    await request();

    const failure = requestInSession(io, 'acme', {
      vendor: 'v',
      connectionId: 'c',
      url: new URL(`${server.baseUrl}/users`),
      secrets: [],
      explain: () => ({ message: 'session s3cret-session is broken' }),
    });

    expect((await failureOf(failure)).message).toMatch(/session \[redacted\] is broken/);
  });
});
