import { performance } from 'node:perf_hooks';
import type { RecordedSuite, RecordedTest } from './recorded-tests.ts';
import { vi } from './recorded-tests.ts';

export type TestOutcome = { readonly test: RecordedTest; readonly ms: number; readonly failure?: string };

type RunOptions = {
  /** Whether nothing is run behind a failure. */
  readonly isBailing: boolean;
  /** Called before a test begins, with its id, and with nothing when it has ended. */
  readonly onTest?: (id?: string) => void;
};

/** Runs tests one after the other, with the hooks of their suites around them. */
export async function runRecorded(
  tests: readonly RecordedTest[],
  { isBailing, onTest }: RunOptions,
): Promise<readonly TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  let open: readonly RecordedSuite[] = [];
  for (const test of tests) {
    const chain = chainOf(test.suite);
    const begun = performance.now();
    onTest?.(test.id);
    const failure = await failureOf(async () => {
      const closing = open.filter((suite) => !chain.includes(suite));
      open = open.filter((suite) => chain.includes(suite));
      await closeSuites(closing);
      for (const suite of chain.slice(open.length)) {
        await runAll(suite.hooks.beforeAll);
        open = [...open, suite];
      }
      await runOne(test, chain);
    });
    onTest?.();
    outcomes.push({ test, ms: performance.now() - begun, ...(failure !== undefined && { failure }) });
    if (failure !== undefined && isBailing) break;
  }
  await failureOf(() => closeSuites(open));
  return outcomes;
}

/** The suites around a test, the outermost first. */
function chainOf(suite: RecordedSuite): readonly RecordedSuite[] {
  return suite.parent ? [...chainOf(suite.parent), suite] : [suite];
}

async function runAll(hooks: readonly (() => unknown)[]): Promise<void> {
  for (const hook of hooks) await hook();
}

async function closeSuites(suites: readonly RecordedSuite[]): Promise<void> {
  for (const suite of [...suites].reverse()) await runAll(suite.hooks.afterAll);
}

async function runOne({ run, isToFail }: RecordedTest, chain: readonly RecordedSuite[]): Promise<void> {
  for (const { hooks } of chain) await runAll(hooks.beforeEach);
  const failure = await failureOf(async () => run());
  for (const { hooks } of [...chain].reverse()) await runAll(hooks.afterEach);
  vi.restoreAllMocks();
  if (isToFail && failure === undefined) throw new Error('a fault that is known to be there was not found');
  if (!isToFail && failure !== undefined) throw new Error(failure);
}

/** What an act failed with. Whatever it throws counts. */
async function failureOf(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
