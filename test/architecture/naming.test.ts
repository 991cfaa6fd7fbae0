import { describe, expect, it } from 'vitest';
import { bannedNames, overlongFiles, vagueTestNames } from './naming-rules.ts';
import { readSourceFiles, type SourceFile } from './source-file.ts';

const everything = readSourceFiles(
  'src',
  'functions',
  'infra',
  'cli',
  'console',
  'local',
  'bench',
  'examples',
  'tools',
  'test',
);

/** A file as it must not be. */
function planted(path: string, text: string): SourceFile {
  return { path, text };
}

describe(bannedNames, () => {
  it('finds nothing in the project', () => {
    expect(everything.flatMap(bannedNames)).toStrictEqual([]);
  });

  it.each(['sweep-manager', 'utils', 'user-data', 'sync', 'handle-page'])('tells of a file named %s', (name) => {
    expect(bannedNames(planted(`src/sweep/${name}.ts`, ''))).toHaveLength(1);
  });

  it.each([
    'export const pageInfo = 1;',
    'export async function processPage() {}',
    'export function doSweep() {}',
    'export type VendorProvider = 1;',
    'export class SweepHelper {}',
    'export interface IVendor {}',
    'export type VendorImpl = 1;',
    'export type PageV2 = 1;',
    'export { sweep as sweepJob };',
    'export type { Common } from "./a.ts";',
  ])('tells of %s', (text) => {
    expect(bannedNames(planted('src/sweep/a.ts', text))).toHaveLength(1);
  });

  it('leaves alone words that only contain a banned one', () => {
    const text = 'export const handler = 1;\nexport type Document = 1;\nexport const IdSet = 1;\nconst data = 1;';

    expect(bannedNames(planted('src/sweep/processor-of-async.ts', text))).toStrictEqual([]);
  });
});

describe(vagueTestNames, () => {
  it('finds nothing in the project', () => {
    expect(everything.filter(({ path }) => path.endsWith('.test.ts')).flatMap(vagueTestNames)).toStrictEqual([]);
  });

  it.each(['should', 'Should', 'correctly', 'properly', 'works', 'handles'])('tells of a name with %s', (word) => {
    const names = [
      `it('${word} stop', () => {});`,
      `describe("a sweep ${word}", () => {});`,
      `it.each([1, 2])('${word} stop at %i', () => {});`,
      `test.skip(\n  \`stops ${word}\`,\n);`,
    ];

    expect(vagueTestNames(planted('test/unit/a.test.ts', names.join('\n')))).toHaveLength(names.length);
  });
});

describe(overlongFiles, () => {
  it('finds nothing in the project', () => {
    expect(everything.flatMap(overlongFiles)).toStrictEqual([]);
  });

  it.each([
    { path: 'src/sweep/a.ts', limit: 250 },
    { path: 'test/unit/a.test.ts', limit: 300 },
  ])('tells of more than $limit lines in $path', ({ path, limit }) => {
    const atLimit = planted(path, 'line\n'.repeat(limit));
    const beyond = planted(path, 'line\n'.repeat(limit + 1));

    expect([...overlongFiles(atLimit), ...overlongFiles(beyond)]).toStrictEqual([
      `${path} has ${limit + 1} lines, more than ${limit}`,
    ]);
  });
});
