// Installs what package-lock.json asks for and node_modules lacks; silent where nothing is missing.
//
// Every npm script runs it first, so that a fresh clone needs no second command. Plain JavaScript without
// dependencies, because it runs before there are any, on whatever Node the machine has (20 is enough): the scripts
// themselves then run on the Node that node_modules brings along.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The entries of a lock file by their place, e.g. `node_modules/zod`; undefined where there is no such file. */
function readEntries(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Whether an entry that the lock wants is there; other platforms' optional packages never are. */
function isInstalled(wanted, installed) {
  if (installed === undefined) return wanted.optional === true;
  return wanted.version === installed.version && (wanted.integrity ?? installed.integrity) === installed.integrity;
}

function isComplete() {
  const wanted = readEntries('package-lock.json');
  const installed = readEntries('node_modules/.package-lock.json');
  if (wanted === undefined || installed === undefined) return false;
  // Without its install script (`--ignore-scripts`) the package `node` has no binary.
  if (!existsSync(join(root, 'node_modules/node/bin/node'))) return false;
  return Object.entries(wanted).every(([place, entry]) => place === '' || isInstalled(entry, installed[place]));
}

/** `npm ci` on the machine's own Node: the one in node_modules would delete itself. */
function installAll() {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join(sep, 'node_modules', '.bin')));
  // The level hides npm's word that some packages ask for a newer Node than the machine's: they will run on the
  // newer one that is being installed. Errors are kept, and shown below.
  return spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: process.platform === 'win32',
  });
}

if (!isComplete()) {
  console.error('Installing dependencies (npm ci)…');
  const install = installAll();
  if (install.status !== 0) {
    // Its first lines say what is wrong; below them npm explains its options.
    const said = `${install.error?.message ?? ''}${install.stderr ?? ''}`.trim().split('\n').slice(0, 15);
    console.error(said.join('\n'));
    console.error(
      '\nThe dependencies could not be installed; npm says why above. Usual reasons: no way to the npm registry,\n' +
        'a full disk, or a package.json that package-lock.json does not know yet (then run `npm install`\n' +
        'and `node tools/complete-lock.mjs`). When it is mended, run the same command again.',
    );
    process.exit(1);
  }
}
