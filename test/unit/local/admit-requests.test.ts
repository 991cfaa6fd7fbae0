import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { admitRequests } from '../../../local/admit-requests.ts';

/** What the server behind the door has been asked and not yet answered. */
let asked: ServerResponse[] = [];

/** A server that answers when the test does, with all let in that do not ask for `/private`. */
async function serveSlowly() {
  asked = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => asked.push(response));
  });
  const requests = admitRequests(server, ({ url }) => url !== '/private');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let served: Awaited<ReturnType<typeof serveSlowly>>;
beforeEach(async () => {
  served = await serveSlowly();
});

const ask = (path = '', init: RequestInit = {}) => fetch(new URL(path, served.url), { method: 'POST', ...init });
const statusOf = async (answer: Promise<Response>) => (await answer).status;
/** Whether it has resolved by now. */
const isDone = (promise: Promise<void>) => Promise.race([promise.then(() => true), Promise.resolve(false)]);

describe(admitRequests, () => {
  it('ends at once where nothing was asked', async () => {
    await expect(served.requests.end()).resolves.toBeUndefined();
  });

  it('ends once all it had let in are answered', async () => {
    const answers = [ask(), ask()];
    await expect.poll(() => asked.length).toBe(2);
    const ended = served.requests.end();
    asked[0]?.end();
    await answers[0];
    const isDoneEarly = await isDone(ended);
    asked[1]?.end();
    await ended;

    expect(isDoneEarly).toBe(false);
    expect(await Promise.all(answers.map(statusOf))).toStrictEqual([200, 200]);
  });

  it('waits for what is worked on even where nobody listens any more', async () => {
    const leaving = new AbortController();
    const left = ask('', { signal: leaving.signal }).catch(() => undefined);
    await expect.poll(() => asked.length).toBe(1);
    const gone = once(asked[0] as ServerResponse, 'close');
    leaving.abort();
    await Promise.all([left, gone]);
    const ended = served.requests.end();
    const isDoneEarly = await isDone(ended);
    asked[0]?.end();
    await ended;

    expect(isDoneEarly).toBe(false);
  });

  it('lets nothing in after its end', async () => {
    await served.requests.end();

    expect(await statusOf(ask())).toBe(503);
    expect(asked).toStrictEqual([]);
  });

  it('answers 403 to whom it does not admit', async () => {
    expect(await statusOf(ask('/private'))).toBe(403);
    expect(asked).toStrictEqual([]);
  });
});
