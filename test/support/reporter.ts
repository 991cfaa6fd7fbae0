import type { Reporter } from 'vitest/node';

/** What is counted of one test file; a structural part of vitest's `TestModule`. */
export type CountedFile = {
  readonly children: {
    allTests(): Iterable<{ result(): { readonly state: string } }>;
    allSuites(): Iterable<{ errors(): readonly unknown[] }>;
  };
  /** Why the file itself failed, e.g. an import that does not resolve. */
  errors(): readonly unknown[];
};

/**
 * The closing line of a run, e.g. `12 passed, 0 failed, 1 skipped`: what any CI can count.
 *
 * Failed are also a file that does not load, a suite whose hooks fail, a test that was never finished and an error
 * outside of any test: each of them hides tests that did not run.
 */
export function closingLine(files: Iterable<CountedFile>, strayErrors: readonly unknown[]): string {
  let passed = 0;
  let failed = strayErrors.length;
  let skipped = 0;
  for (const file of files) {
    const broken = [file, ...file.children.allSuites()].filter((part) => part.errors().length > 0);
    failed += broken.length;
    for (const test of file.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'skipped') skipped += 1;
      else failed += 1;
    }
  }
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Ends a vitest run with the closing line, alone on a line. */
export function closingLineReporter(): Reporter {
  return {
    onTestRunEnd: (files, strayErrors) => {
      process.stdout.write(`${closingLine(files, strayErrors)}\n`);
    },
  };
}
