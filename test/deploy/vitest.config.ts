import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { closingLineReporter } from '../support/reporter.ts';

/** `npm run test:deploy`: one stack on one emulated AWS, step after step. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/deploy/**/*.test.ts'],
    reporters: ['verbose', closingLineReporter()],
    pool: 'forks',
    maxWorkers: 1,
    // What follows a step that failed would only fail for its sake.
    bail: 1,
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
