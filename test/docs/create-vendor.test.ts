import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { insertions } from '../../tools/create-vendor/insertions.ts';
import { scaffold } from '../../tools/create-vendor/scaffold.ts';
import { nameFault } from '../../tools/create-vendor/vendor-name.ts';
import { root, textOf } from './doc-pages.ts';

/** A type that lacks nothing only if it has every vendor. */
const mustNameEveryVendor = /^(?:export )?const \w+: (?:Readonly<)?Record<\s*(?:SimulatedVendorName|VendorId),/m;

const present = ['http', 'leen', 'vendor.ts'];

describe(nameFault, () => {
  it('finds nothing wrong with the name of a product', () => {
    expect(['globex', 'sap2', 'personio'].map((name) => nameFault(name, present))).toStrictEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['', /is no name/],
    ['Globex', /is no name/],
    ['globex-hr', /is no name/],
    ['2globex', /is no name/],
    ['../globex', /is no name/],
    ['__proto__', /is no name/],
    ['leen', /already/],
    ['http', /already/],
    ['data', /something else/],
    ['delete', /something else/],
    ['vendor', /something else/],
  ])('refuses "%s" and says what to write', (name, fault) => {
    expect(nameFault(name, present)).toMatch(fault);
    expect(nameFault(name, present)).toMatch(/; write /);
  });
});

describe(scaffold, () => {
  const files = scaffold('globex', textOf);

  it('writes three files of a vendor, its simulator and its fixture, and adds lines where vendors are named', () => {
    expect(files.slice(0, 5).map(({ path }) => path)).toStrictEqual([
      'src/vendors/globex/wire.ts',
      'src/vendors/globex/to-user.ts',
      'src/vendors/globex/vendor.ts',
      'local/simulators/globex/simulated-globex.ts',
      'test/fixtures/vendors/globex/every-field.json',
    ]);
    expect(files.slice(5).map(({ path }) => path)).toStrictEqual([...new Set(insertions.map(({ path }) => path))]);
  });

  it('leaves no placeholder behind', () => {
    expect(files.filter(({ text }) => /\$(name|Name|end)\$/.test(text)).map(({ path }) => path)).toStrictEqual([]);
  });

  it('takes nothing away from a file that was there', () => {
    for (const { path, text } of files.slice(5)) {
      const before = textOf(path).split('\n');
      const after = new Set(text.split('\n'));
      // The list of the registry is one line, which grows.
      expect(before.filter((line) => !after.has(line) && !line.startsWith('export const vendors'))).toStrictEqual([]);
    }
  });

  it('adds a line to every file that the compiler wants to name every vendor', () => {
    const folders = ['src', 'functions', 'infra', 'local', 'cli', 'console', 'bench', 'examples', 'test', 'tools'];
    const naming = folders
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
      )
      .filter((path) => path.endsWith('.ts') && mustNameEveryVendor.test(textOf(path)));

    expect(naming.length).toBeGreaterThan(2);
    expect(naming.filter((path) => !insertions.some((insertion) => insertion.path === path))).toStrictEqual([]);
  });

  it('says which file has no place for its line, and the line', () => {
    const readText = (path: string) => (path === 'src/vendors/registry.ts' ? 'nothing' : textOf(path));

    expect(() => scaffold('globex', readText)).toThrow(/^src\/vendors\/registry\.ts: found no .*import \{ globex \}/s);
  });

  it('puts the page on adding a vendor in front of whoever runs its tests', () => {
    const vendor = files.find(({ path }) => path.endsWith('globex/vendor.ts'))?.text ?? '';
    const page = readFileSync(new URL('../../docs/adding-a-vendor.md', import.meta.url), 'utf8');
    const sections = [...vendor.matchAll(/unwritten\('\w+', '([^']+)'\)/g)].map(([, section = '']) => section);

    expect(sections.length).toBe(2);
    expect(sections.filter((section) => !page.includes(`\n## ${section}\n`))).toStrictEqual([]);
  });
});
