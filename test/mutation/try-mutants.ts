import { join } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import type { MutatedPart } from './mutated-parts.ts';

/** Where everything goes that a run leaves behind; git knows nothing of it. */
const places = 'coverage/mutation';

/** Tries every mutant of some files of a part. What has not changed since the last run is not tried again. */
export function tryMutants(
  { name, tests, except, exceptNames = [] }: MutatedPart,
  { files, isForced }: { readonly files: readonly string[]; readonly isForced: boolean },
): Promise<MutantResult[]> {
  const stryker = new Stryker({
    mutate: [...files],
    testRunner: 'recorded',
    plugins: ['./test/mutation/recorded-runner.ts', './test/mutation/tell-survivors.ts'],
    recorded: { tests, except, exceptNames },
    coverageAnalysis: 'perTest',
    // What runs while a file is loaded would need a process for each mutant.
    ignoreStatic: true,
    incremental: true,
    force: isForced,
    incrementalFile: join(places, `${name}.json`),
    // Compilers' settings would be rewritten with a compiler that TypeScript 7 does not have any more.
    ignorePatterns: ['dist', 'coverage', 'docs/images', '.state', 'tsconfig.json'],
    tempDirName: join(places, `sandbox-${name}`),
    disableTypeChecks: false,
    concurrency: 1,
    timeoutFactor: 1,
    timeoutMS: 10_000,
    dryRunTimeoutMinutes: 20,
    reporters: ['html', 'progress-append-only', 'survivors'],
    htmlReporter: { fileName: join(places, `${name}.html`) },
    allowConsoleColors: false,
    logLevel: 'warn',
  } as ConstructorParameters<typeof Stryker>[0]);
  return stryker.runMutationTest();
}
