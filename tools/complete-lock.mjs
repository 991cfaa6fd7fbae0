// Adds to package-lock.json the platform binaries that npm left out: `node tools/complete-lock.mjs`.
//
// A registry that lacks a package's binary for some other platform makes npm drop it from the lock without a word,
// and `npm ci` then refuses the lock everywhere, because it no longer holds what the package asks for. The added
// entries carry no integrity: npm fetches it on the platforms concerned. Run it after every `npm install <package>`;
// it changes nothing where nothing is missing. Plain JavaScript: it must run before anything is installed.
import { readFileSync, writeFileSync } from 'node:fs';

const lockFile = new URL('../package-lock.json', import.meta.url);

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a package of this name runs on, e.g. `@biomejs/cli-linux-x64-musl`; undefined where the name does not say. */
function platformOf(name) {
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const isMusl = words.some((word) => word.startsWith('musl'));
  const libc = os === 'linux' ? { libc: [isMusl ? 'musl' : 'glibc'] } : {};
  return { cpu: [cpu], ...libc, optional: true, os: [os] };
}

/** The entries that `packages` asks for as optional and does not hold, by their place in the lock. */
function missingEntries(packages) {
  const missing = {};
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const isHeld = `node_modules/${name}` in packages || `${place}/node_modules/${name}` in packages;
      const platform = platformOf(name);
      if (isHeld || platform === undefined || !/^\d/.test(version)) continue;
      missing[`node_modules/${name}`] = { version, ...(entry.dev ? { dev: true } : {}), ...platform };
    }
  }
  return missing;
}

const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
const missing = missingEntries(lock.packages);
const names = Object.keys(missing);
if (names.length > 0) {
  const places = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(places);
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`package-lock.json: ${names.length} platform packages added`);
