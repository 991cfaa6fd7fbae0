import { posix } from 'node:path';
import { codeOf, type SourceFile } from './source-file.ts';

/**
 * What each folder may import beside its own files: folders and files of the project, and packages. Where a folder
 * has no packages of its own, any are allowed. The first folder that matches a file counts; `*` is one name.
 */
const rules: readonly {
  readonly folder: string;
  readonly files: readonly string[];
  readonly packages?: readonly string[];
}[] = [
  { folder: 'src/model', files: [], packages: [] },
  { folder: 'src/diff', files: ['src/model'], packages: ['node:crypto'] },
  { folder: 'src/events', files: ['src/model'], packages: ['zod', 'uuid', 'node:crypto'] },
  { folder: 'src/sweep', files: ['src/model', 'src/diff', 'src/events'], packages: [] },
  { folder: 'src/vendors/http', files: ['src/model'], packages: ['undici', 'zod', 'node:*'] },
  { folder: 'src/vendors/*', files: ['src/model', 'src/vendors/vendor.ts', 'src/vendors/http'], packages: ['zod'] },
  { folder: 'src/vendors', files: ['src/model'], packages: ['zod'] },
  {
    folder: 'src/store',
    files: [
      'src/model',
      'src/diff',
      'src/events',
      'src/sweep/ports.ts',
      'src/sweep/dispatch-ports.ts',
      'src/sweep/connection-state.ts',
    ],
    packages: ['@aws-sdk/*', '@smithy/*', 'zod', 'p-map', 'node:*'],
  },
  { folder: 'src/queue', files: ['src/model', 'src/sweep/dispatch-ports.ts'], packages: ['@aws-sdk/*'] },
  {
    folder: 'src/publish',
    files: ['src/model', 'src/events', 'src/sweep/ports.ts'],
    packages: ['@aws-sdk/*', '@smithy/*', 'zod', 'p-map', 'node:*'],
  },
  {
    folder: 'src/consumer',
    files: ['src/model', 'src/events'],
    packages: ['@aws-sdk/*', '@aws-lambda-powertools/batch', 'zod'],
  },
  { folder: 'src/config', files: ['src/model', 'src/vendors'] },
  {
    folder: 'infra',
    // Names and shapes only, as the table, the contract and the vendors have them: nothing that runs in a function.
    files: [
      'src/config/environment.ts',
      'src/events',
      'src/store/keys.ts',
      'src/store/table.ts',
      'src/vendors/registry.ts',
    ],
    packages: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'zod', 'node:path'],
  },
  // What others build on, as they would: the public entries and nothing behind them.
  {
    folder: 'examples/*',
    files: ['src/events/public.ts', 'src/consumer/public.ts', 'infra/public.ts'],
    packages: ['@aws-sdk/*', '@electric-sql/pglite', 'pg', 'aws-cdk-lib', 'constructs', 'node:*'],
  },
  { folder: 'functions', files: ['src'] },
  { folder: 'local', files: ['src', 'functions'] },
  { folder: 'cli', files: ['src', 'functions', 'local', 'console/server'] },
  // What the page and its server tell each other; the page knows nothing else of the feed.
  { folder: 'console/api', files: [], packages: [] },
  { folder: 'console/server', files: ['console/api', 'src', 'functions', 'local', 'cli'] },
  { folder: 'console/page', files: ['console/api'], packages: ['preact', '@preact/signals', 'uplot'] },
  // What functions are measured against must not have any of ours in it.
  { folder: 'bench/bare', files: [], packages: ['@aws-sdk/*', 'undici', 'zod'] },
  {
    folder: 'bench',
    files: [
      ...['src', 'functions', 'local', 'infra', 'cli/render-table.ts'],
      // What benches stand on: the deployed functions, a store in memory, a list, a table, all in this process.
      ...['deployed-feed', 'feed-under-test', 'memory-store', 'scripted-vendor', 'test-table'].map(
        (name) => `test/support/${name}.ts`,
      ),
    ],
  },
];

/** The imports of a file that the direction of dependencies forbids, one line each. */
export function forbiddenImports(file: SourceFile): readonly string[] {
  const rule = rules.find(({ folder }) => isWithin(posix.dirname(file.path), folder));
  if (rule === undefined) return [`${file.path} is in a folder without a rule`];
  const own = file.path.split('/').slice(0, rule.folder.split('/').length).join('/');
  return importsOf(file)
    .filter((imported) =>
      imported.startsWith('.')
        ? ![own, ...rule.files].some((allowed) => isWithin(posix.join(posix.dirname(file.path), imported), allowed))
        : !(rule.packages ?? [imported]).some((allowed) => isWithin(imported, allowed)),
    )
    .map((imported) => `${file.path} imports ${imported}`);
}

/** What a file imports, re-exports or loads on demand, types included. */
function importsOf(file: SourceFile): readonly string[] {
  const code = codeOf(file);
  const found = [
    ...code.matchAll(/^\s*(?:import|export)\s[\w\s{},*$]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]/g),
  ];
  return found.map(([, imported]) => imported ?? '');
}

/** Whether a path or package is this one or below it. `*` stands for one name, or for the rest of a `node:` name. */
function isWithin(path: string, folder: string): boolean {
  const pattern = folder.replaceAll(/[.+]/g, '\\$&').replaceAll('*', '[^/]+');
  return new RegExp(`^${pattern}(/|$)`).test(path);
}

/** Named imports of zod, which bundle all of it. */
export function namedZodImports(file: SourceFile): readonly string[] {
  const isNamed = /^\s*import\s[^;]*?\bz\b[^;]*?\}\s*from\s*['"]zod(\/[\w-]+)?['"]/m.test(codeOf(file));
  return isNamed ? [`${file.path} imports z from zod by name`] : [];
}

/** What makes a file of `src/diff` depend on anything but its arguments. */
export function impurities(file: SourceFile): readonly string[] {
  const found = codeOf(file).matchAll(/\basync\b|\bawait\b|\bDate\b|\bMath\.random\b/g);
  return Array.from(found, ([word]) => `${file.path} uses ${word}`);
}
