// What takes too long for `npm test`: a kill and a late worker at every call, and many random histories.
import { spawnSync } from 'node:child_process';

const files = ['crash-recovery', 'stale-worker', 'random-history'].map((name) => `test/scenario/${name}`);
const { status } = spawnSync('vitest', ['run', ...files], {
  stdio: 'inherit',
  env: { ...process.env, EVERY_CALL: '1' },
});
process.exitCode = status ?? 1;
