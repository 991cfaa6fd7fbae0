import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { root, textOf } from './doc-pages.ts';

type Suite = {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending';
  readonly fault: string;
};

let copy: string;

/** A program of this project's, in the copy. */
function run(program: string, ...words: readonly string[]) {
  const ended = spawnSync(join(root, 'node_modules/.bin', program), words, { cwd: copy, encoding: 'utf8' });
  return { status: ended.status, said: `${ended.stdout}${ended.stderr}` };
}

/** The conformance cases that these words leave, each with the vendor's name in front. */
function conformance(...words: readonly string[]): readonly Suite[] {
  const file = join(copy, 'conformance.json');
  run('vitest', 'run', 'test/conformance/conformance.test.ts', ...words, '--reporter=json', `--outputFile=${file}`);
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    testResults: { assertionResults: { fullName: string; status: Suite['status']; failureMessages?: string[] }[] }[];
  };
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      name: fullName,
      status,
      fault: failureMessages?.join('\n') ?? '',
    })),
  );
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'created-vendor-'));
  const left = new Set(['node_modules', 'dist', '.git', '.state']);
  for (const path of readdirSync(root).filter((name) => !left.has(name)))
    cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // Biome asks git what to leave out.
  spawnSync('git', ['init', '--quiet'], { cwd: copy });
});

afterAll(() => rmSync(copy, { recursive: true }));

describe('npm run create-vendor', () => {
  it('refuses a vendor that exists, and writes nothing', () => {
    const before = readFileSync(join(copy, 'src/vendors/registry.ts'), 'utf8');

    const { status, said } = run('node', 'tools/create-vendor.ts', 'leen');

    expect([status, said]).toStrictEqual([
      2,
      expect.stringContaining('create-vendor: there is a vendor "leen" already'),
    ]);
    expect(readFileSync(join(copy, 'src/vendors/registry.ts'), 'utf8')).toBe(before);
  });

  it('writes what compiles, passes the linter and the tests of simulators', () => {
    expect(run('node', 'tools/create-vendor.ts', 'globex')).toMatchObject({ status: 0 });

    expect(run('tsc')).toStrictEqual({ status: 0, said: '' });
    const linted = run('biome', 'check', '--error-on-warnings', 'src/vendors', 'local/simulators', 'test/conformance');
    expect([linted.status, linted.said]).toStrictEqual([0, expect.stringContaining('No fixes applied')]);
    expect(run('vitest', 'run', 'test/unit/local/simulators', 'test/architecture/naming.test.ts').status).toBe(0);
  });

  it('makes the conformance suite fail for that vendor alone, and say what to write', () => {
    const cases = conformance();

    const failed = cases.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(30);
    expect(failed.filter(({ name }) => !name.startsWith('globex ')).map(({ name }) => name)).toStrictEqual([]);
    const first = failed.find(({ name }) => name.includes('walks every page once'));
    expect(first?.fault).toContain('globex: write fetchPage in src/vendors/globex/vendor.ts (docs/adding-a-vendor.md');
  });

  it('leads to a vendor that conforms once the blocks of docs/adding-a-vendor.md are in its files', () => {
    const page = 'docs/adding-a-vendor.md';
    const alone = ['-t', '^globex '];
    const [vendor, toUser] = codeBlocks(page, textOf(page)).filter(({ language }) => language === 'ts');
    writeFileSync(join(copy, 'src/vendors/globex/vendor.ts'), vendor?.code ?? '');

    const halfWay = conformance(...alone).filter(({ status }) => status === 'failed');
    writeFileSync(join(copy, 'src/vendors/globex/to-user.ts'), toUser?.code ?? '');
    const written = conformance(...alone);

    const faults = halfWay.map(({ fault }) => fault).join('\n');
    expect(halfWay.length).toBeGreaterThan(20);
    expect(faults).toContain('globex: write toUser in src/vendors/globex/to-user.ts');
    expect(written.filter(({ status }) => status === 'failed')).toStrictEqual([]);
    expect(
      written.filter(({ name, status }) => name.startsWith('globex ') && status === 'passed').length,
    ).toBeGreaterThan(40);
    expect(run('biome', 'check', '--error-on-warnings', 'src/vendors/globex').status).toBe(0);
  });
});
