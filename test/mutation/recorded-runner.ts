import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { type RecordedTest, recordedTests, recordTests } from './recorded-tests.ts';
import { runRecorded, type TestOutcome } from './run-recorded.ts';

export type RecordedOptions = {
  /** Globs of the tests' files. */
  readonly tests: readonly string[];
  readonly except: readonly string[];
  /** Parts of the names of tests that are left out. */
  readonly exceptNames: readonly string[];
};

/** What tests import, and what they get instead, as far as there is such a file beside this one. */
const replacements: ReadonlyMap<RegExp, string> = new Map([
  [/^vitest$/, 'recorded-tests.ts'],
  [/^fast-check$/, 'few-runs.ts'],
  [/^@aws-sdk\/client-dynamodb$/, 'client-in-memory.ts'],
  [/^dynalite$/, 'no-server.ts'],
]);

function replaceImports(): void {
  registerHooks({
    resolve(specifier, context, next) {
      // What stands in for something may use it, and packages use each other.
      if (/\/test\/mutation\/|\/node_modules\//.test(context.parentURL ?? '')) return next(specifier, context);
      for (const [asked, file] of replacements)
        if (asked.test(specifier)) return next(new URL(file, import.meta.url).href, context);
      return next(specifier, context);
    },
  });
}

/** As code that was instrumented looks for it. */
const mutants = globalThis as { __stryker__?: InstrumenterContext };

function createRecordedRunner(options: StrykerOptions): TestRunner {
  const { tests: globs, except, exceptNames } = options.recorded as RecordedOptions;
  const chosenTests = () => recordedTests().filter(({ id }) => !exceptNames.some((part) => id.includes(part)));
  mutants.__stryker__ ??= {};
  const context = mutants.__stryker__;
  // By file: what a test of it took on average. The quick ones come first, and those of a file together.
  const costs = new Map<string, number>();
  const costOf = (test: RecordedTest) => costs.get(fileOf(test)) ?? 0;
  let runs = 0;
  let isSpoilt = false;

  const runMutant = async ({ testFilter, hitLimit, activeMutant }: MutantRunOptions): Promise<MutantRunResult> => {
    // Another process begins where this one has kept something of a mutant.
    if (isSpoilt) process.exit(1);
    runs += 1;
    const asked = testFilter && new Set(testFilter);
    const chosen = chosenTests()
      .filter(({ id }) => asked === undefined || asked.has(id))
      .sort((one, other) => costOf(one) - costOf(other));
    const limit = hitLimit && tighten(hitLimit);
    Object.assign(context, { hitCount: 0, hitLimit: limit, activeMutant: activeMutant.id });
    const outcomes = await runRecorded(chosen, { isBailing: true });
    const { hitCount } = context;
    Object.assign(context, { hitCount: 0, hitLimit: undefined, activeMutant: undefined });
    const endless = determineHitLimitReached(hitCount, limit);
    const killers = outcomes.filter(({ failure }) => failure !== undefined).map(({ test }) => test);
    isSpoilt = (await runRecorded(killers, { isBailing: true })).some(({ failure }) => failure !== undefined);
    if (isSpoilt && runs > 1) process.exit(1);
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests: outcomes.map(toResult) });
  };

  return {
    // Nothing has to be loaded anew: what runs while files are loaded never runs with a mutant.
    capabilities: () => ({ reloadEnvironment: true }),
    async init() {
      // A promise that nobody waits for any more is no reason to stop.
      process.on('unhandledRejection', () => undefined);
      replaceImports();
      for (const file of globSync([...globs], { exclude: [...except] }).sort())
        await recordTests(file, readFileSync(file, 'utf8'), () => import(pathToFileURL(resolve(file)).href));
    },
    async dryRun() {
      const onTest = (id?: string) => {
        if (id === undefined) delete context.currentTestId;
        else context.currentTestId = id;
      };
      const outcomes = await runRecorded(chosenTests(), { isBailing: false, onTest });
      for (const [file, own] of Map.groupBy(outcomes, ({ test }) => fileOf(test)))
        costs.set(file, own.reduce((sum, { ms }) => sum + ms, 0) / own.length);
      const { mutantCoverage } = context;
      return {
        status: DryRunStatus.Complete,
        tests: outcomes.map(toResult),
        ...(mutantCoverage && { mutantCoverage }),
      };
    },
    mutantRun: runMutant,
  };
}
createRecordedRunner.inject = tokens(commonTokens.options);

/** Five times as often as without a mutant is endless enough, where it was often: Stryker waits for a hundred times. */
function tighten(hitLimit: number): number {
  return Math.min(hitLimit, Math.max(10_000, hitLimit / 20));
}

/** The file of a test: the outermost suite is named after it. */
function fileOf({ suite }: RecordedTest): string {
  let outer = suite;
  while (outer.parent !== undefined) outer = outer.parent;
  return outer.name;
}

function toResult({ test, ms, failure }: TestOutcome): TestResult {
  const common = { id: test.id, name: test.id, timeSpentMs: ms };
  if (failure === undefined) return { ...common, status: TestStatus.Success };
  return { ...common, status: TestStatus.Failed, failureMessage: failure };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'recorded', createRecordedRunner)];

export const strykerValidationSchema = {
  properties: { recorded: { type: 'object', description: 'which tests are recorded' } },
};
