import { defineConfig } from 'vitest/config';
import { closingLineReporter } from './test/support/reporter.ts';
import { onlyLong } from './tools/long-tests.ts';

const isLong = process.env.EVERY_CALL === '1';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What needs more than npm has a configuration of its own.
    exclude: ['test/deploy/**', 'test/browser/**', ...(isLong ? [] : onlyLong)],
    setupFiles: ['test/support/property-seed.ts'],
    reporters: ['default', closingLineReporter()],
    // Tests open sockets, databases and child programs: processes rather than threads, and no more than two.
    pool: 'forks',
    // Nothing here keeps state in a module, and starting a process for each of 280 files takes its time.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
