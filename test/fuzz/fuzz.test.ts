import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../local/simulators/random.ts';
import { FeedError } from '../../src/model/feed-error.ts';
import { createInputs } from './create-inputs.ts';
import { readFuzzOptions } from './fuzz-options.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { judgePage } from './judge-page.ts';
import { minimise } from './minimise.ts';
import { mutateJson } from './mutate-json.ts';
import { credentialMark, personMark, takeRefusal } from './oracles.ts';
import { runSlice } from './run-slice.ts';
import { tryInput } from './try-input.ts';
import { judgeHeap, watchFuzz } from './watch-fuzz.ts';

/** As many as are done in no time; `npm run test:fuzz` goes on from there. */
const inputs: Readonly<Record<string, number>> = {
  headers: 200,
  cursors: 200,
  events: 200,
  controls: 150,
  connections: 40,
  console: 40,
};
const usual = 60;

const rules = { codes: ['vendor.'] };
const refused = (message: string) =>
  new FeedError('vendor.bad_response', message, { vendor: 'leen', address: 'https://vendor.example' });

describe('fuzzing', () => {
  it.each([...fuzzTargets.keys()])('breaks nothing of %s', async (name) => {
    const { findings, accepted } = await runSlice(name, 'slice', inputs[name] ?? usual);

    expect(findings).toStrictEqual([]);
    expect(accepted).toBeGreaterThan(0);
  });

  it('makes the same inputs of the same seed', () => {
    const corpus = [{ a: [1, 'b', { c: null }] }, { __proto__: null, d: true }];
    const take = () => {
      const { next, note } = createInputs(corpus, 'seed');
      return Array.from({ length: 50 }, (_, at) => {
        const input = next();
        note({ kind: 'refused', note: String(at % 7) });
        return JSON.stringify(input);
      });
    };

    expect(take()).toStrictEqual(take());
    expect(new Set(take()).size).toBeGreaterThan(30);
  });

  it('makes keys of any name without changing what all objects have', () => {
    const random = createRandom('keys');
    const made = Array.from({ length: 3_000 }, () => mutateJson({ a: { b: 1 }, c: [2] }, random, [{ d: 3 }]));

    expect(made.some((value) => JSON.stringify(value).includes('"__proto__"'))).toBe(true);
    expect(Object.keys(Object.prototype)).toStrictEqual([]);
  });

  it('reduces an input to what it needs to break the same', async () => {
    const holds = (value: unknown): boolean => JSON.stringify(value).includes('needle');
    const input = { a: [1, 2, { b: 'a needle here', c: [] }], d: { e: 'f' } };

    expect(await minimise(input, async (candidate) => holds(candidate))).toStrictEqual({ a: [{ b: 'needle' }] });
  });
});

describe('what fuzzing looks for', () => {
  it.each([
    ['crash', () => takeRefusal(new TypeError('x is not a function'), rules)],
    ['bug', () => takeRefusal(new FeedError('internal.invariant', 'no', { invariant: 'i' }), { codes: ['internal.'] })],
    ['other_code', () => takeRefusal(new FeedError('store.conflict', 'no', { item: 'i' }), rules)],
    ['person_told', () => takeRefusal(refused(`no ${personMark}`), rules)],
    ['credential_told', () => takeRefusal(refused(`no ${credentialMark}`), rules)],
    [
      'credential_told',
      () => takeRefusal(Object.assign(refused('no'), { cause: new Error(`in a cause: ${credentialMark}`) }), rules),
    ],
    ['cursor', () => judgePage({ users: [], rejected: [], next: 1, evidence: {} } as never, { projection: [] })],
    ['absent_is_absent', () => judgePage(pageOf({ id: 'a', title: '' }), { projection: [] })],
    ['canonical_user', () => judgePage(pageOf({ id: 'a', createdAt: 'yesterday' }), { projection: [] })],
    ['canonical_json', () => judgePage(pageOf({ id: 'a', bio: undefined }), { projection: [] })],
    ['user_id', () => judgePage(pageOf({ id: '\ud800' }), { projection: [] })],
    [
      'prototype_polluted',
      () => {
        Object.assign(Object.prototype, { polluted: true });
      },
    ],
  ])('finds %s', async (rule, run) => {
    const target = { corpus: [], run: async () => run() ?? { kind: 'accepted' as const, note: '' } };

    const outcome = await tryInput(target, null);
    delete (Object.prototype as { polluted?: true }).polluted;

    expect(outcome).toMatchObject({ finding: { rule } });
  });

  it('finds memory that grows, and none in a heap that comes and goes', () => {
    const minutes = Array.from({ length: 60 }, (_, at) => at * 10_000);
    const growing = minutes.map((x) => ({ x, y: 50e6 + x * 20 }));
    const breathing = minutes.map((x, at) => ({ x, y: 50e6 + (at % 5) * 1e6 }));

    expect(judgeHeap(growing).finding).toMatchObject({ rule: 'leak' });
    expect(judgeHeap(breathing).finding).toBeUndefined();
  });

  it('finds an input from which nothing comes back, and which one it was', async () => {
    const program = fileURLToPath(new URL('hanging-program.ts', import.meta.url));

    const { findings } = await watchFuzz(
      'any',
      { seed: '1', seconds: 1 },
      { program, openingMs: 60_000, patienceMs: 500 },
    );

    expect(findings).toMatchObject([{ rule: 'hang', input: { never: 'ends' } }]);
  });

  it('finds a process that dies', async () => {
    const { findings } = await watchFuzz('no-such-target', { seed: '1', seconds: 1 });

    expect(findings).toMatchObject([{ rule: 'death' }]);
  });
});

describe(readFuzzOptions, () => {
  it('names the targets there are where one is not known, and refuses other numbers', () => {
    expect(() => readFuzzOptions(['nothing'])).toThrow(/leen openproject/);
    expect(() => readFuzzOptions(['--minutes', '0'])).toThrow(/whole number/);
    expect(() => readFuzzOptions(['--inputs', 'many'])).toThrow(/whole number/);
    expect(readFuzzOptions(['leen', '--inputs', '300'])).toMatchObject({ secondsEach: 60, mostInputs: 300 });
    expect(readFuzzOptions(['leen', 'delay', '--minutes', '1', '--together'])).toStrictEqual({
      targets: ['leen', 'delay'],
      secondsEach: 30,
      seed: '1',
    });
  });
});

function pageOf(user: object): never {
  return { users: [{ status: 'active', ...user }], rejected: [], next: null, evidence: {} } as never;
}
