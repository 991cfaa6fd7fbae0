// What takes too long for `npm test`: a kill and a late worker at every call, many random histories, real processes,
// large lists, all stories about what is printed, the package as it is packed, a vendor written from its scaffold.
import { spawnSync } from 'node:child_process';

const scenarios = [
  'crash-recovery',
  'stale-worker',
  'random-history',
  'dev-killed',
  'ucf-forget',
  'examples',
  'growth',
  'console-live',
  'console-api',
  'console-command',
  'console-orders',
  'example-contract',
  'resuming-',
  'mapping-semantics',
  'big-directory',
];
const properties = ['history', 'consumer', 'completeness'];
const files = [
  ...scenarios.map((name) => `test/scenario/${name}`),
  ...properties.map((name) => `test/property/${name}`),
  'test/unit/functions/what-is-printed-anywhere',
  'test/unit/functions/broken-connections',
  'test/unit/store/embedded-table',
  'test/crash/full-disk',
  'test/crash/two-processes',
  'test/simulate/simulate',
  'test/package/packed',
  'test/docs/created-vendor',
];
const { status } = spawnSync('vitest', ['run', ...files], {
  stdio: 'inherit',
  env: { ...process.env, EVERY_CALL: '1' },
});
process.exitCode = status ?? 1;
