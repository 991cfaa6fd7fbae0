// What takes too long for `npm test`: a kill and a late worker at every call, many random histories, real processes,
// large lists, all stories about what is printed, the package as it is packed, a vendor written from its scaffold.
import { spawnSync } from 'node:child_process';
import { longer, onlyLong } from './long-tests.ts';

const { status } = spawnSync('vitest', ['run', ...onlyLong, ...longer], {
  stdio: 'inherit',
  env: { ...process.env, EVERY_CALL: '1' },
});
process.exitCode = status ?? 1;
