import { describe, expect, it } from 'vitest';
import { sharedTraps } from '../../../../local/simulators/trap-settings.ts';
import {
  ask,
  askJson,
  clients,
  fixedNowMs,
  idsOf,
  listFirst,
  startForTest,
  vendorNames,
  walk,
} from './simulator-under-test.ts';

describe.each(vendorNames)('traps on the way to %s', (vendor) => {
  const client = clients[vendor];
  const path = client.listPath(3);

  it.each([429, 500, 503])('error answers %i so many times in the vendor’s shape, then the truth', async (status) => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('error', { status, times: 2 });

    const answers = [await ask(simulator, path), await ask(simulator, path), await ask(simulator, path)];

    expect(answers.map((answer) => answer.status)).toStrictEqual([status, status, 200]);
    const fault = (await answers[0]?.json()) as Record<string, unknown>;
    const keys = {
      leen: ['code', 'detail', 'message', 'type'],
      openproject: ['_type', 'errorIdentifier', 'message'],
      yuuvis: ['error', 'status', 'timestamp'],
      truto: ['error', 'message', 'statusCode'],
      delay: ['message'],
    };
    expect(Object.keys(fault).toSorted()).toStrictEqual(keys[vendor]);
    expect(simulator.traps.fired.error).toBe(2);
  });

  it('unauthorized and forbidden answer 401 and 403', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('unauthorized', { times: 1 });
    simulator.traps.arm('forbidden', { on: 'user' });
    const [id = ''] = idsOf(simulator);

    expect((await ask(simulator, path)).status).toBe(401);
    expect((await ask(simulator, path)).status).toBe(200);
    expect((await ask(simulator, client.userPath(id))).status).toBe(403);
    expect(simulator.traps.fired).toMatchObject({ unauthorized: 1, forbidden: 1 });
  });

  it('rateLimited answers 429 with seconds or with an HTTP date', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('rateLimited', { seconds: 7 });
    const inSeconds = await ask(simulator, path);
    simulator.traps.arm('rateLimited', { seconds: 60, retryAfter: 'date' });

    const asDate = await ask(simulator, path);

    expect(inSeconds.status).toBe(429);
    expect(inSeconds.headers.get('retry-after')).toBe('7');
    expect(asDate.headers.get('retry-after')).toBe(new Date(fixedNowMs + 60_000).toUTCString());
    expect(simulator.traps.fired.rateLimited).toBe(2);
  });

  it('slow answers late but right', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('slow', { delayMs: 1, times: 1 });
    expect(await listFirst(simulator)).toHaveLength(3);
    simulator.traps.arm('slow', { delayMs: 600_000, times: 1 });
    const answered: string[] = [];
    const late = ask(simulator, path).then(
      () => answered.push('late'),
      () => answered.push('broken'),
    );
    await expect.poll(() => simulator.traps.fired.slow).toBe(2);

    await listFirst(simulator).then(() => answered.push('other'));
    await simulator.close();
    await late;

    expect(answered).toStrictEqual(['other', 'broken']);
  });

  it('hang never answers, and does not keep the simulator from closing', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('hang', { times: 1 });
    const hanging = ask(simulator, path).then(
      () => 'answered',
      () => 'broken',
    );
    await expect.poll(() => simulator.traps.fired.hang).toBe(1);

    expect(await listFirst(simulator)).toHaveLength(3);
    await simulator.close();

    expect(await hanging).toBe('broken');
  });

  it.each([true, false])('dropConnection breaks off, in the middle of the body: %s', async (midBody) => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('dropConnection', { midBody });

    const head = await ask(simulator, path).catch(() => null);

    expect(head?.status).toBe(midBody ? 200 : undefined);
    if (head) await expect(head.text()).rejects.toThrow('terminated');
    expect(simulator.traps.fired.dropConnection).toBe(1);
  });

  it('htmlLogin answers 200 with a page', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('htmlLogin');

    const answer = await ask(simulator, path);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toContain('<form');
    expect(simulator.traps.fired.htmlLogin).toBe(1);
  });

  it('redirectElsewhere leads to another origin and notices who brings credentials', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('redirectElsewhere');

    const answer = await ask(simulator, path, { redirect: 'manual' });

    const location = answer.headers.get('location') ?? '';
    expect(answer.status).toBe(302);
    expect(new URL(location).origin).not.toBe(simulator.url);
    expect(simulator.elsewhere).toStrictEqual({ requests: 0, withCredentials: 0 });
    await fetch(location);
    await fetch(location, { headers: client.headers(simulator) });
    expect(simulator.elsewhere).toStrictEqual({ requests: 2, withCredentials: 1 });
    expect(simulator.traps.fired.redirectElsewhere).toBe(1);
  });

  it('wrongShape answers 200 with JSON that is no list', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('wrongShape', { times: 1 });
    const usual = await askJson(simulator, path);
    simulator.traps.arm('wrongShape', { body: [1, null] });

    expect(usual).toStrictEqual({ ok: true });
    expect(await askJson(simulator, path)).toStrictEqual([1, null]);
    expect(simulator.traps.fired.wrongShape).toBe(2);
  });

  it.each(['gzip', 'identity'])('truncatedBody cuts the JSON but not the %s transfer', async (encoding) => {
    const simulator = await startForTest(vendor);
    const headers = { 'accept-encoding': encoding };
    const whole = await (await ask(simulator, path, { headers })).text();
    simulator.traps.arm('truncatedBody');

    const answer = await ask(simulator, path, { headers });
    const text = await answer.text();

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
    expect(text).toBe(whole.slice(0, Math.floor(whole.length / 2)));
    expect(() => JSON.parse(text)).toThrow();
    expect(simulator.traps.fired.truncatedBody).toBe(1);
  });

  it('bigBody is as long as it says and right in the end', async () => {
    const simulator = await startForTest(vendor);
    const plain = await askJson(simulator, path);
    simulator.traps.arm('bigBody', { bytes: 300_001 });

    const text = await (await ask(simulator, path)).text();

    expect(text.length - text.trimStart().length).toBe(300_001);
    expect(JSON.parse(text)).toStrictEqual(plain);
    expect(simulator.traps.fired.bigBody).toBe(1);
  });

  it('leaves requests alone that bring no credentials', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('error');

    const answer = await fetch(simulator.baseUrl + path);

    expect(answer.status).toBe(401);
    expect(simulator.traps.fired.error).toBe(0);
  });

  it('knows every shared trap', async () => {
    const simulator = await startForTest(vendor, { size: 0 });

    const fitting = sharedTraps.filter((name) => !(client.hasNoCursor && /^(repeatCursor|cursorCycle)$/.test(name)));
    expect(simulator.traps.known).toStrictEqual(expect.arrayContaining(fitting));
  });

  it('removeWhileListing takes a person of an earlier page away, and another one is never seen', async () => {
    const simulator = await startForTest(vendor, { size: 8 });
    const before = idsOf(simulator);
    simulator.traps.arm('removeWhileListing', { times: 1 });

    const seen = (await walk(simulator)).flatMap(({ ids }) => ids);

    const after = idsOf(simulator);
    expect(after).toStrictEqual(before.slice(1));
    expect(after.filter((id) => !seen.includes(id))).toStrictEqual([before[3]]);
    expect(seen).toContain(before[0]);
    expect(simulator.traps.fired.removeWhileListing).toBe(1);
  });
});
