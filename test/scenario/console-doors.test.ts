import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedWorld, serveWorld } from '../browser/support/served-world.ts';
import { type Asking, askConsole, readAddress } from '../unit/console/ask-console.ts';

let served: ServedWorld;

beforeAll(async () => {
  served = await serveWorld();
});

afterAll(() => served?.close());

const ask = (path: string, asking?: Asking) => askConsole(served.url, path, asking);
const port = () => new URL(served.url).port;
const order = '/api/simulators/leen';
const advance = { act: 'advance' };
const step = () => served.world.simulators[0]?.directory.step;

describe('the doors of the console', () => {
  it.each(['127.0.0.1', 'localhost'])('let in a page that was opened as %s', async (host) => {
    expect(await ask('/api/feed', { headers: { host: `${host}:${port()}` } })).toMatchObject({ status: 200 });
  });

  it.each([
    ['another name', () => `feed.example:${port()}`],
    ['another port', () => '127.0.0.1:1'],
    ['a name without a port', () => '127.0.0.1'],
  ])('are shut to %s in Host, for the page and for what it asks', async (_, host) => {
    const headers = { host: host() };

    expect(await ask('/', { headers })).toMatchObject({ status: 403 });
    expect(await ask('/api/feed', { headers })).toMatchObject({ status: 403 });
    expect(await ask(order, { method: 'POST', headers, body: advance })).toMatchObject({ status: 403 });
  });

  it.each(['cross-site', 'same-site', 'none'])('are shut to a fetch that the browser calls %s', async (site) => {
    const headers = { 'sec-fetch-site': site };

    expect(await ask('/api/feed', { headers })).toMatchObject({ status: 403 });
    expect(await ask('/api/stream', { headers })).toMatchObject({ status: 403 });
  });

  it.each([
    ['no token', () => undefined],
    ['another token', () => `Bearer ${'A'.repeat(32)}`],
    ['the beginning of the token', () => `Bearer ${readAddress(served.url).token.slice(0, -1)}`],
    ['the bare token', () => readAddress(served.url).token],
  ])('are shut to %s', async (_, authorization) => {
    const headers = { authorization: authorization() };
    const before = step();

    expect(await ask('/api/feed', { headers })).toMatchObject({ status: 401 });
    expect(await ask('/api/stream', { headers })).toMatchObject({ status: 401 });
    expect(await ask(order, { method: 'POST', headers, body: advance })).toMatchObject({ status: 401 });
    expect(step()).toBe(before);
  });

  it.each([
    ['no origin', undefined],
    ['a foreign origin', 'http://feed.example'],
    ['the origin of another port', 'http://127.0.0.1:1'],
    ['the origin of a sandbox', 'null'],
  ])('let nothing be changed by %s', async (_, origin) => {
    const before = step();

    expect(await ask(order, { method: 'POST', headers: { origin }, body: advance })).toMatchObject({ status: 403 });
    expect(step()).toBe(before);
  });

  it('let the page itself be had without a token, and nothing be in it', async () => {
    const page = await ask('/holds/some?open=1', { headers: { authorization: undefined } });
    const script = await ask('/assets/page.js', { headers: { authorization: undefined } });

    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.text).not.toContain('simulated');
    expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
    expect(page.text + script.text).not.toContain(readAddress(served.url).token);
  });

  it('let no method in but GET, and POST for what changes something', async () => {
    expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405 });
    expect(await ask('/api/feed', { method: 'DELETE' })).toMatchObject({ status: 405 });
    expect(await ask('/api/feed', { method: 'POST', body: {} })).toMatchObject({ status: 404 });
  });

  it('are reached at no address of the machine but loopback', async () => {
    const elsewhere = served.url.replace('127.0.0.1', '127.0.0.2');

    await expect(askConsole(elsewhere, '/')).rejects.toThrow();
  });
});

describe('an answer of the console', () => {
  it.each([
    ['a page', '/', {}],
    ['a script', '/assets/page.js', {}],
    ['a missing file', '/assets/none.js', {}],
    ['an answer', '/api/feed', {}],
    ['a refusal at the door', '/api/feed', { headers: { authorization: undefined } }],
    ['an unknown path', '/api/nothing', {}],
    ['a bad order', order, { method: 'POST', body: {} }],
  ] as const)('allows neither inline scripts, frames, guesses of types nor keeping: %s', async (_, path, asking) => {
    const { headers } = await ask(path, asking);

    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([
    ['a body of more than 16 kB', 413, { body: JSON.stringify({ act: 'x'.repeat(2_000_000) }) }],
    ['a body that is not JSON', 400, { body: '{' }],
    ['a body of another type', 415, { body: 'act=advance', headers: { 'content-type': 'text/plain' } }],
    ['an act that nobody knows', 400, { body: { act: 'burn' } }],
    ['a person who is not there', 409, { body: { act: 'block', id: 'nobody' } }],
    ['a trap that this vendor lacks', 409, { body: { act: 'arm', trap: 'toString' } }],
  ] as const)('refuses %s with %i', async (_, status, asking) => {
    const answer = await ask(order, { method: 'POST', ...asking });

    expect(answer.status).toBe(status);
    expect(answer.json).toStrictEqual({ error: expect.any(String) });
  });

  it.each([
    ['an unknown path', '/api/nothing', 404],
    ['an unknown connection', '/api/connections/nobody', 404],
    ['an unknown user', '/api/connections/simulated-leen/users/nobody', 404],
    ['an unknown hold', '/api/holds/nothing', 404],
    ['an event that is no event', '/api/events/nonsense', 404],
    ['an event that has not happened', '/api/events/simulated-leen~1~4711', 410],
    ['a limit of none', '/api/events?limit=0', 400],
    ['a limit beyond a page', '/api/events?limit=201', 400],
    ['a limit that is no number', '/api/events?limit=many', 400],
    ['a place that no answer named', '/api/events?before=yesterday', 400],
    ['a name that is badly encoded', '/api/connections/%E0%A4%A', 400],
    ['a file outside of the page', '/assets/../../package.json', 200],
    ['a file outside, encoded', '/assets/..%2f..%2fpackage.json', 404],
  ])('to %s is %s: %i', async (_, path, status) => {
    const answer = await ask(path);

    expect(answer.status).toBe(status);
    // What is not a file of the page is a view of it.
    if (status === 200) expect(answer.text).toContain('<div id="page">');
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d+|"dependencies"/);
  });
});
