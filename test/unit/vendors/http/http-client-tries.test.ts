import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpClient } from '../../../../src/vendors/http/create-http-client.ts';
import type { HttpTry } from '../../../../src/vendors/http/http-client.ts';
import { answerJson, startVendorServer } from '../../../support/vendor-server.ts';

async function openClient(refusesLoopback = false) {
  const server = await startVendorServer();
  const dispatcher = new Agent();
  onTestFinished(async () => {
    await dispatcher.close();
    await server.finish();
  });
  const tries: HttpTry[] = [];
  const http = createHttpClient({
    dispatcher,
    nowMs: Date.now,
    sleep: (ms) => sleep(Math.min(ms, 1)),
    random: Math.random,
    onTry: (one) => void tries.push(one),
    refusesLoopback,
  });
  const ask = (path = '/users') =>
    http.requestJson({ vendor: 'acme', connectionId: 'main', url: new URL(path, server.baseUrl), secrets: [] });
  return { server, tries, ask };
}

describe('createHttpClient, observed', () => {
  it('tells of every try how long it took and what came, whatever becomes of the request', async () => {
    const { server, tries, ask } = await openClient();
    server.play(answerJson({}, { status: 503 }), answerJson({}, { status: 429 }), answerJson({}));

    await ask();

    expect(tries.map(({ status }) => status)).toStrictEqual([503, 429, 200]);
    expect(tries[0]).toStrictEqual({
      vendor: 'acme',
      connectionId: 'main',
      status: 503,
      elapsedMs: expect.any(Number),
    });
  });

  it('tells of a try that nobody answered', async () => {
    const { tries, ask } = await openClient();

    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'vendor.unavailable' });

    expect(tries.length).toBeGreaterThan(0);
    expect(tries.every((one) => !('status' in one))).toBe(true);
  });

  it('sends nothing over plain http to loopback where that is refused', async () => {
    const { server, tries, ask } = await openClient(true);

    await expect(ask()).rejects.toThrow('plain http is refused here, use https (ALLOW_LOOPBACK_VENDORS allows it');

    expect([server.received, tries]).toStrictEqual([[], []]);
  });
});
