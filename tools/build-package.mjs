// Builds what the package holds: JavaScript and declarations below dist/package, each in the place of its source.
// `npm run build`; npm runs it before packing. Plain JavaScript, so that nothing has to be built to build.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = fileURLToPath(new URL('../dist/package', import.meta.url));

// What a file that is gone has left behind would be packed.
rmSync(target, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(status ?? 1);
// The page of the console: where the package runs there is no bundler.
const { buildPage } = await import(new URL('../dist/package/console/server/build-page.js', import.meta.url));
const built = fileURLToPath(new URL('../dist/package/console/page/built/', import.meta.url));
mkdirSync(built, { recursive: true });
for (const { name, text } of await buildPage(fileURLToPath(new URL('../console/page', import.meta.url))))
  writeFileSync(`${built}${name}`, text);
chmodSync(fileURLToPath(new URL('../dist/package/cli/ucf.js', import.meta.url)), 0o755);
