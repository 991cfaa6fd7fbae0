import { describe, expect, it } from 'vitest';
import { forbiddenImports, impurities, namedZodImports } from './import-rules.ts';
import { readSourceFiles, type SourceFile } from './source-file.ts';

const production = readSourceFiles('src', 'functions', 'infra', 'cli', 'console', 'local', 'bench', 'examples');

/** A file as it must not be. */
function planted(path: string, text: string): SourceFile {
  return { path, text };
}

describe(forbiddenImports, () => {
  it('finds files to look at', () => {
    expect(production.length).toBeGreaterThan(50);
  });

  it('finds nothing in the project', () => {
    expect(production.flatMap(forbiddenImports)).toStrictEqual([]);
  });

  it.each([
    ['src/model/a.ts', '../diff/digest.ts'],
    ['src/model/a.ts', 'node:crypto'],
    ['src/diff/a.ts', '../store/table.ts'],
    ['src/diff/a.ts', 'node:fs'],
    ['src/events/a.ts', '@aws-sdk/client-eventbridge'],
    ['src/sweep/a.ts', '../store/table.ts'],
    ['src/sweep/a.ts', '@aws-sdk/client-dynamodb'],
    ['src/sweep/a.ts', 'undici'],
    ['src/vendors/leen/a.ts', '../truto/wire.ts'],
    ['src/vendors/leen/a.ts', '../registry.ts'],
    ['src/vendors/leen/a.ts', '../../store/table.ts'],
    ['src/vendors/leen/a.ts', 'undici'],
    ['src/vendors/http/a.ts', '../leen/wire.ts'],
    ['src/vendors/registry.ts', '../sweep/ports.ts'],
    ['src/store/a.ts', '../vendors/vendor.ts'],
    ['src/store/a.ts', '../sweep/run-tick.ts'],
    ['src/publish/a.ts', 'undici'],
    ['src/publish/a.ts', '../store/table.ts'],
    ['src/config/a.ts', '../sweep/ports.ts'],
    ['src/consumer/a.ts', '../store/table.ts'],
    ['src/consumer/a.ts', 'aws-lambda'],
    ['examples/a/a.ts', '../../src/consumer/consumer-table.ts'],
    ['examples/a/a.ts', '../b/b.ts'],
    ['functions/a.ts', '../local/event-bus/event-bus.ts'],
    ['local/a/a.ts', '../../cli/ucf.ts'],
    ['cli/a.ts', '../test/support/reporter.ts'],
    ['cli/a.ts', '../bench/bench.ts'],
    ['console/api/a.ts', '../server/routes.ts'],
    ['console/page/a.tsx', '../server/routes.ts'],
    ['console/page/a.tsx', '../../src/model/ids.ts'],
    ['console/page/a.tsx', 'node:fs'],
    ['console/server/a.ts', '../page/page.tsx'],
    ['infra/a.ts', '../src/store/log-store.ts'],
    ['infra/a.ts', '../functions/sweep.ts'],
    ['infra/a.ts', '../bench/bench.ts'],
    ['infra/a.ts', '@aws-sdk/client-sqs'],
    ['bench/a.ts', '../test/support/reporter.ts'],
    ['bench/a.ts', '../cli/ucf.ts'],
    ['bench/bare/a.ts', '../bench.ts'],
    ['bench/bare/a.ts', '../../src/model/ids.ts'],
    ['bench/bare/a.ts', '@aws-lambda-powertools/logger'],
    ['src/elsewhere/a.ts', '../model/ids.ts'],
  ])('tells of a planted import in %s of %s', (path, imported) => {
    expect(forbiddenImports(planted(path, `import { a } from '${imported}';`))).toHaveLength(1);
  });

  it.each([
    "import type { A } from '../store/a.ts';",
    "import {\n  a,\n  b,\n} from '../store/a.ts';",
    "import '../store/a.ts';",
    "export * from '../store/a.ts';",
    "export { a } from '../store/a.ts';",
    "const a = await import('../store/a.ts');",
    "const a = require('../store/a.ts');",
    "/** Doc. */ import a from '../store/a.ts';",
  ])('tells of the planted import %j', (text) => {
    expect(forbiddenImports(planted('src/diff/a.ts', text))).toStrictEqual(['src/diff/a.ts imports ../store/a.ts']);
  });

  it('leaves alone what is allowed, and what only a comment says', () => {
    const text = "// import '../store/a.ts'\nimport { a } from '../model/a.ts';\nimport { b } from './b.ts';";

    expect(forbiddenImports(planted('src/diff/c.ts', text))).toStrictEqual([]);
  });
});

describe(namedZodImports, () => {
  it('finds nothing in the project', () => {
    expect([...production, ...readSourceFiles('test')].flatMap(namedZodImports)).toStrictEqual([]);
  });

  it.each([
    "import { z } from 'zod';",
    "import { z } from 'zod/mini';",
    "import { ZodError, z } from 'zod';",
    "import {\n  z,\n} from 'zod';",
  ])('tells of the planted import %j', (text) => {
    expect(namedZodImports(planted('src/a.ts', text))).toHaveLength(1);
  });
});

describe(impurities, () => {
  it('finds nothing in src/diff', () => {
    expect(readSourceFiles('src/diff').flatMap(impurities)).toStrictEqual([]);
  });

  it.each(['async', 'await', 'Date', 'Math.random'])('tells of a planted %s', (word) => {
    const told = impurities(planted('src/diff/a.ts', `// ${word} in a comment\nexport const a = ${word};`));

    expect(told).toStrictEqual([`src/diff/a.ts uses ${word}`]);
  });
});
