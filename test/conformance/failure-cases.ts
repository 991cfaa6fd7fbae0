import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { TrapName, TrapWishes } from '../../local/simulators/trap-settings.ts';
import { type FeedErrorCode, isFeedError } from '../../src/model/feed-error.ts';
import type { ConformanceCase } from './cases.ts';
import { idsOf, type VendorUnderTest, walk } from './vendor-under-test.ts';

type Failure = {
  readonly name: string;
  readonly trap: TrapName;
  readonly wish?: object;
  readonly code: FeedErrorCode;
  readonly settings?: { readonly timeoutMs: number };
};

/** What a vendor, or something in front of it, can do instead of answering, and what the sweep is told. */
const failures: readonly Failure[] = [
  { name: '401', trap: 'unauthorized', code: 'vendor.unauthorized' },
  { name: '403', trap: 'forbidden', code: 'vendor.forbidden' },
  { name: '429 for ever', trap: 'rateLimited', code: 'vendor.rate_limited' },
  { name: '500 for ever', trap: 'error', code: 'vendor.unavailable' },
  { name: 'no answer', trap: 'hang', code: 'vendor.timeout', settings: { timeoutMs: 150 } },
  { name: 'HTML', trap: 'htmlLogin', code: 'vendor.bad_response' },
  { name: 'truncated JSON', trap: 'truncatedBody', code: 'vendor.bad_response' },
  {
    name: 'an error inside a 200',
    trap: 'wrongShape',
    code: 'vendor.bad_response',
    wish: { body: { error: 'unknown_error' } },
  },
  { name: 'an array of something else', trap: 'wrongShape', code: 'vendor.bad_response', wish: { body: [1, 'two'] } },
  { name: 'a redirect to another origin', trap: 'redirectElsewhere', code: 'vendor.bad_response' },
  { name: 'a body beyond all bounds', trap: 'bigBody', code: 'vendor.bad_response' },
];

/** Faults that pass: the client tries again and the list comes whole. */
const passing: readonly {
  readonly name: string;
  readonly trap: TrapName;
  readonly wish?: object;
  readonly waitsMs?: number;
}[] = [
  { name: 'one 503', trap: 'error', wish: { status: 503, times: 1 } },
  { name: 'one 500', trap: 'error', wish: { status: 500, times: 1 } },
  { name: 'a connection that breaks once', trap: 'dropConnection', wish: { times: 1 } },
  { name: '429 with Retry-After in seconds', trap: 'rateLimited', wish: { seconds: 7, times: 1 }, waitsMs: 7_000 },
  {
    name: '429 with Retry-After as a date',
    trap: 'rateLimited',
    wish: { seconds: 9, retryAfter: 'date', times: 1 },
    waitsMs: 7_000,
  },
];

export const failureCases: readonly ConformanceCase[] = [
  ...failures.map(
    ({ name, trap, wish, code, settings }): ConformanceCase => ({
      name: `reports ${name} as ${code}, without a secret`,
      trap,
      async run(tested) {
        arm(tested, trap, wish);

        const error = await faultOf(walk(tested.list(settings)));

        expect(isFeedError(error) ? error.code : error).toBe(code);
        expect(String(error)).toContain('conformance-');
        expectNoSecret(error, tested);
      },
    }),
  ),
  ...failures.map(
    ({ name, trap, wish, code, settings }): ConformanceCase => ({
      name: `keeps what it saw when the second page is ${name}, and deletes nobody`,
      trap,
      async run(tested) {
        await tested.sweep();
        arm(tested, trap, { ...wish, page: 2 });
        tested.simulator.directory.remove(tested.simulator.directory.people().at(-1)?.id ?? '');

        const sweeps = [await tested.sweep(settings), await tested.sweep(settings)];

        for (const { report, news } of sweeps) {
          expect([report.outcome, report.evidence.pages, report.failure?.code]).toStrictEqual(['incomplete', 1, code]);
          expect(news).toStrictEqual([]);
        }
      },
    }),
  ),
  ...passing.map(
    ({ name, trap, wish, waitsMs = 0 }): ConformanceCase => ({
      name: `survives ${name}`,
      trap,
      async run(tested) {
        arm(tested, trap, wish);

        const pages = await walk(tested.list());

        expect(new Set(idsOf(pages)).size).toBe(17);
        expect(pages[0]?.retries).toBe(1);
        expect(Math.max(...tested.sleptMs)).toBeGreaterThanOrEqual(waitsMs);
      },
    }),
  ),
  {
    name: 'brings its credentials to no other origin',
    trap: 'redirectElsewhere',
    async run(tested) {
      arm(tested, 'redirectElsewhere');

      await faultOf(walk(tested.list()));

      expect(tested.simulator.elsewhere).toStrictEqual({ requests: 0, withCredentials: 0 });
    },
  },
];

function arm({ simulator }: VendorUnderTest, trap: TrapName, wish: object = {}): void {
  simulator.traps.arm(trap, wish as TrapWishes[TrapName]);
}

async function faultOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'nothing went wrong',
    (error: unknown) => error,
  );
}

function expectNoSecret(error: unknown, { secrets }: VendorUnderTest): void {
  const everything = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`;
  for (const secret of secrets) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
  }
}
