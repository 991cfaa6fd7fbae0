import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { closingLineReporter } from '../support/reporter.ts';

/** `npm run test:browser`: the console in Chromium, over a feed that runs in the process of the test. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/browser/**/*.test.ts'],
    reporters: ['verbose', closingLineReporter()],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
