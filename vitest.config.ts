import { defineConfig } from 'vitest/config';
import { closingLineReporter } from './test/support/reporter.ts';

/** What takes too long for `npm test` as a whole; `npm run test:long` runs it, and more of some others. */
const longOnly = [
  'test/scenario/dev-killed.test.ts',
  'test/crash/full-disk.test.ts',
  'test/crash/two-processes.test.ts',
  'test/scenario/ucf-forget.test.ts',
  'test/scenario/console-command.test.ts',
  'test/scenario/big-directory.test.ts',
  'test/scenario/console-api.test.ts',
  'test/scenario/console-orders.test.ts',
  'test/scenario/example-contract.test.ts',
  'test/scenario/resuming-after-death.test.ts',
  'test/scenario/resuming-checkpoint.test.ts',
  'test/scenario/crash-recovery-ticks.test.ts',
  'test/scenario/stale-worker-ticks.test.ts',
  'test/scenario/mapping-semantics-publish.test.ts',
  'test/scenario/mapping-semantics-sweep.test.ts',
  'test/unit/functions/what-is-printed-anywhere.test.ts',
  'test/package/packed.test.ts',
  'test/docs/created-vendor.test.ts',
];
const isLong = process.env.EVERY_CALL === '1';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What needs more than npm has a configuration of its own.
    exclude: ['test/deploy/**', 'test/browser/**', ...(isLong ? [] : longOnly)],
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
