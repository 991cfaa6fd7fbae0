import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bindRequests } from '../../../../src/vendors/http/bind-requests.ts';
import type { HttpRequest } from '../../../../src/vendors/http/http-client.ts';
import { answerJson, startVendorServer, staySilent, type VendorServer } from '../../../support/vendor-server.ts';
import { createTestIo, failureOf, startMs, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxTries: 3, maxElapsedMs: 5_000 });
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const ask = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
  vendor: 'acme',
  connectionId: 'acme-main',
  url: new URL(`${server.baseUrl}/users`),
  secrets: [],
  ...changes,
});
const fine = answerJson({});
const down = answerJson({}, { status: 503 });
const oneAMinute = { key: 'acme', requests: 1, perMs: 60_000 };

describe('createHttpClient, within a budget', () => {
  it('waits for room before each request', async () => {
    server.play(fine, fine);

    await io.http.requestJson(ask({ budgets: [oneAMinute] }));
    await io.http.requestJson(ask({ budgets: [oneAMinute] }));

    expect(io.sleptMs).toStrictEqual([60_000]);
  });

  it('counts every try, and does not take the wait for room for trouble with the vendor', async () => {
    server.play(down, down, fine);

    const { retries } = await io.http.requestJson(ask({ budgets: [oneAMinute] }));

    expect(retries).toBe(2);
    expect(io.sleptMs).toStrictEqual([250, 59_750, 500, 59_500]);
  });

  it('does not wait where another budget is used up', async () => {
    server.play(fine, fine);

    await io.http.requestJson(ask({ budgets: [oneAMinute] }));
    await io.http.requestJson(ask({ budgets: [{ ...oneAMinute, key: 'other' }] }));

    expect(io.sleptMs).toStrictEqual([]);
  });

  it('is not sent where the budget has no room before the deadline', async () => {
    server.play(fine);
    await io.http.requestJson(ask({ budgets: [oneAMinute] }));

    const error = await failureOf(io.http.requestJson(ask({ budgets: [oneAMinute], deadlineMs: startMs + 59_999 })));

    expect(error.code).toBe('vendor.out_of_time');
    expect(error.message).toMatch(/users was not sent: its request budget has no room before the deadline$/);
    expect(io.sleptMs).toStrictEqual([]);
  });
});

describe('createHttpClient, before a deadline', () => {
  it('is not sent after it', async () => {
    const error = await failureOf(io.http.requestJson(ask({ deadlineMs: startMs })));

    expect(error.code).toBe('vendor.out_of_time');
  });

  it('ends a try that is under way', async () => {
    server.play(staySilent);

    const error = await failureOf(io.http.requestJson(ask({ deadlineMs: startMs + 50 })));

    expect(error.code).toBe('vendor.out_of_time');
    expect(error.message).toMatch(/did not answer in full within the 50 ms before its deadline$/);
  });

  it('leaves a try its own time where that is shorter', async () => {
    server.play(staySilent);
    const hasty = createTestIo({ timeoutMs: 50, maxTries: 1 });

    const error = await failureOf(hasty.http.requestJson(ask({ deadlineMs: startMs + 60_000 })));
    await hasty.close();

    expect(error.code).toBe('vendor.timeout');
  });

  it('begins no wait that would reach beyond it', async () => {
    server.play(down, down);

    const error = await failureOf(io.http.requestJson(ask({ deadlineMs: startMs + 700 })));

    expect(error.code).toBe('vendor.unavailable');
    expect(error.message).toMatch(/\(tried 2 times\)$/);
    expect(io.sleptMs).toStrictEqual([250]);
  });
});

describe(bindRequests, () => {
  const bound = async (request: Partial<HttpRequest>) => {
    const asked: HttpRequest[] = [];
    const http = { requestJson: async (one: HttpRequest) => Promise.reject(asked.push(one)) };
    const terms = { budgets: [oneAMinute], deadlineMs: 1_000 };
    await bindRequests(http, terms)
      .requestJson(ask(request))
      .catch(() => undefined);
    return { budgets: asked[0]?.budgets, deadlineMs: asked[0]?.deadlineMs };
  };

  it('puts budgets and deadline on a request that has none', async () => {
    expect(await bound({})).toStrictEqual({ budgets: [oneAMinute], deadlineMs: 1_000 });
  });

  it('keeps the budgets of a request, each key once, and the earlier deadline', async () => {
    const own = { key: 'own', requests: 9, perMs: 9 };

    expect(await bound({ budgets: [own, { ...oneAMinute, requests: 99 }], deadlineMs: 2_000 })).toStrictEqual({
      budgets: [oneAMinute, own],
      deadlineMs: 1_000,
    });
    expect(await bound({ deadlineMs: 500 })).toMatchObject({ deadlineMs: 500 });
  });
});
