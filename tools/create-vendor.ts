// Writes the files of a new vendor, whose conformance tests fail until it is written: `npm run create-vendor -- globex`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ScaffoldedFile, scaffold } from './create-vendor/scaffold.ts';
import { nameFault } from './create-vendor/vendor-name.ts';

const root = join(import.meta.dirname, '..');
const [name = '', ...others] = process.argv.slice(2);
const present = ['src/vendors', 'local/simulators', 'test/fixtures/vendors'].flatMap((folder) =>
  readdirSync(join(root, folder)),
);
const fault =
  name === '' || others.length > 0 ? 'write one name: npm run create-vendor -- NAME' : nameFault(name, present);

if (fault === undefined) create(name);
else refuse(fault, 2);

function create(vendor: string): void {
  let files: readonly ScaffoldedFile[];
  try {
    files = scaffold(vendor, (path) => readFileSync(join(root, path), 'utf8'));
  } catch (error) {
    refuse(`${String((error as Error).message)}; nothing is written`, 1);
    return;
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const paths = files.map(({ path }) => path);
  // Imports are in the order that the linter wants.
  const sources = paths.filter((path) => path.endsWith('.ts'));
  spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', '--log-level=error', ...sources], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  console.log(`${paths.map((path) => `  ${path}`).join('\n')}

Written. Now its tests fail, and say what to write first:

  npx vitest run test/conformance -t "^${vendor} "

Step by step: docs/adding-a-vendor.md`);
}

function refuse(why: string, exitCode: number): void {
  console.error(`create-vendor: ${why}`);
  process.exitCode = exitCode;
}
