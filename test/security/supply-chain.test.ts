import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
type Locked = {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
};
const json = <T>(path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const { packages, lockfileVersion } = json<{
  packages: Readonly<Record<string, Locked>>;
  lockfileVersion: number;
}>('package-lock.json');
const project = json<{
  license: string;
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
  allowScripts: Readonly<Record<string, boolean>>;
}>('package.json');
const locked = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Of a tool, for another system than the one on which the lock file was written: its registry may not have known it. */
const isForeignBinary = ({ dev, optional, os }: Locked) => dev === true && optional === true && os !== undefined;

/** Licences under which a part may be given away together with code under Apache-2.0. */
const permissive = new Set([
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'Python-2.0',
  'CC0-1.0',
  'Unlicense',
  'PostgreSQL',
]);
/** Of what is only used here and given to nobody. */
const forDevelopment = new Set([...permissive, 'MPL-2.0', 'CC-BY-4.0']);

/** Whether an expression like `(MIT OR GPL-3.0)` leaves a licence that is allowed. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const bare = expression.replaceAll(/[()]/g, '');
  return bare.split(' OR ').some((one) => one.split(' AND ').every((id) => allowed.has(id.trim())));
}

/** As the lock file has it, or the package itself where that says nothing. */
function licenceOf(path: string, { license }: Locked): string {
  if (license !== undefined) return license;
  const own = join(path, 'package.json');
  if (!existsSync(join(root, own))) return 'unknown';
  const found = json<{ license?: string | { type?: string }; licenses?: readonly { type?: string }[] }>(own);
  const said = found.license ?? found.licenses?.[0];
  return (typeof said === 'string' ? said : said?.type) ?? 'unknown';
}

function breachesOf(entries: readonly (readonly [string, Locked])[]): readonly string[] {
  return entries
    .map(([path, one]) => [path, licenceOf(path, one), one.dev === true ? forDevelopment : permissive] as const)
    .filter(([, licence, allowed]) => !isAllowed(licence, allowed))
    .map(([path, licence]) => `${nameOf(path)}: ${licence}`);
}

describe('the lock file', () => {
  it('holds a checksum of everything that is given away, and of all tools but their binaries for other systems', () => {
    const unsure = locked.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));

    expect(lockfileVersion).toBe(3);
    expect(locked.length).toBeGreaterThan(100);
    // What is bundled lies within a package that has a checksum.
    const loose = unsure.filter(([, one]) => one.inBundle !== true && !isForeignBinary(one));
    expect(loose.map(([path]) => path)).toStrictEqual([]);
  });

  it('names one host for everything or none, by https, and no file, folder or repository', () => {
    const origins = new Set(
      locked.flatMap(([, { resolved }]) => (resolved === undefined ? [] : [new URL(resolved).origin])),
    );

    expect(origins.size).toBeLessThanOrEqual(1);
    for (const origin of origins) expect(origin).toMatch(/^https:\/\//);
    expect(locked.filter(([, { link }]) => link === true)).toStrictEqual([]);
  });

  it('pins what package.json asks for, to the version', () => {
    const wanted = Object.entries({ ...project.dependencies, ...project.devDependencies });

    expect(wanted.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)).toStrictEqual([]);
  });

  it('holds no other install scripts that may run than those package.json allows by name', () => {
    const runs = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => nameOf(path));

    expect(runs.filter((name) => !Object.hasOwn(project.allowScripts, name))).toStrictEqual([]);
  });
});

describe('licences', () => {
  it('of everything that is given away or used here go together with Apache-2.0', () => {
    expect(project.license).toBe('Apache-2.0');
    const known = locked.filter(([, one]) => one.integrity !== undefined || !isForeignBinary(one));
    expect(breachesOf(known)).toStrictEqual([]);
  });

  it.each([
    [{ license: 'GPL-3.0-only' }],
    [{ license: 'MPL-2.0' }],
    [{ license: 'UNLICENSED' }],
    [{ license: 'MIT AND GPL-2.0-only' }],
    [{ license: 'GPL-3.0-only', dev: true }],
    [{}],
  ])('like %j are told', (one) => {
    expect(breachesOf([['node_modules/planted', one]])).toHaveLength(1);
  });

  it.each(['MIT', '(MIT OR GPL-3.0-only)', '(MIT AND BSD-3-Clause)'])('like %s pass', (license) => {
    expect(breachesOf([['node_modules/fine', { license }]])).toStrictEqual([]);
  });
});
