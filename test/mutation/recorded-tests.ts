import { hash } from 'node:crypto';
import { format } from 'node:util';
import { expect as realExpect, vi as realVi } from 'vitest';

/*
 * In place of vitest's `describe` and `it`: tests are kept, and can be run again and again in one process, which is what
 * trying thousands of mutants takes. What they expect with is vitest's own.
 */
type Act = () => unknown;
type HookKind = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

export type RecordedSuite = {
  readonly name: string;
  readonly parent?: RecordedSuite;
  readonly hooks: Record<HookKind, Act[]>;
};

export type RecordedTest = {
  readonly id: string;
  readonly suite: RecordedSuite;
  readonly run: Act;
  /** Of a fault that is known (`it.fails`). */
  readonly isToFail: boolean;
};

const tests: RecordedTest[] = [];
let suite: RecordedSuite = aSuite('');

let number = 0;
let version = '';

/**
 * Loads a file of tests, and keeps its tests behind those of the files before it. Where its text is another one, they are other
 * tests: what was found with the ones before has to be found again.
 */
export async function recordTests(file: string, text: string, load: () => Promise<unknown>): Promise<void> {
  suite = aSuite(file);
  number = 0;
  version = hash('sha256', text).slice(0, 8);
  await load();
}

export function recordedTests(): readonly RecordedTest[] {
  return tests;
}

function aSuite(name: string, parent?: RecordedSuite): RecordedSuite {
  const hooks = { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] };
  return { name, hooks, ...(parent && { parent }) };
}

type Body = (...args: never[]) => unknown;
// biome-ignore lint/complexity/noBannedTypes: a suite may be called after whatever function or class it is about.
type Title = string | Function;
type Register = (title: Title, body: Body) => void;
type Cases = readonly unknown[];

function titled(title: Title): string {
  return typeof title === 'function' ? title.name : title;
}

const addSuite: Register = (title, body) => {
  const outer = suite;
  suite = aSuite(`${outer.name} > ${titled(title)}`, outer);
  (body as Act)();
  suite = outer;
};

/** Two tests may have one name: the number tells them apart. */
function addTest(title: Title, body: Body, isToFail = false): void {
  number += 1;
  const id = `${suite.name} > ${titled(title)} (${number} of ${version})`;
  tests.push({ id, suite, run: body as Act, isToFail });
}

function each(register: Register) {
  return (cases: Cases) => (title: Title, body: Body) => {
    for (const one of cases) {
      const args = (Array.isArray(one) ? one : [one]) as never[];
      register(`${titled(title)} ${format('%j', one).slice(0, 60)}`, () => body(...args));
    }
  };
}

const onlyIf = (register: Register) => (condition: unknown) => (condition ? register : () => undefined);
const testOnce: Register = (title, body) => addTest(title, body);

export const describe = Object.assign(addSuite, { each: each(addSuite) });
export const it = Object.assign(testOnce, {
  each: each(testOnce),
  runIf: onlyIf(testOnce),
  skipIf: (condition: unknown) => onlyIf(testOnce)(!condition),
  fails: (title: Title, body: Body) => addTest(title, body, true),
});
export const test = it;

const hook = (kind: HookKind) => (act: Act) => void suite.hooks[kind].push(act);
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');
export const vi = realVi;
export const expect = realExpect;
