import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFeedApp } from '../../infra/feed-app.ts';
import { FeedFunction } from '../../infra/feed-function.ts';
import { forbiddenImports } from '../architecture/import-rules.ts';
import { bannedNames, overlongFiles } from '../architecture/naming-rules.ts';
import { readSourceFiles, type SourceFile } from '../architecture/source-file.ts';
import type { Resource } from './synthesised.ts';

const outdir = mkdtempSync(join(tmpdir(), 'feed-app-'));
afterAll(() => rmSync(outdir, { recursive: true }));
const target = { account: '123456789012', region: 'eu-central-1' };
/** With every resource that a setting can add, so that cdk-nag sees them all. */
const context = {
  busAccounts: '111122223333',
  busOrganization: 'o-a1b2c3d4e5',
  tenantBuses: '{"acme":["777788889999"]}',
  alarmEmail: 'ops@example.com',
  secretsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/00000000-aaaa',
};

/** The functions of the template in the folder, by the ends of their names. */
function functionsIn(folder: string): ReadonlyMap<string, Resource> {
  const { Resources } = JSON.parse(readFileSync(join(folder, 'UserChangeFeed.template.json'), 'utf8'));
  const functions = Object.values(Resources as Record<string, Resource>).filter(
    ({ Type }) => Type === 'AWS::Lambda::Function',
  );
  return new Map(functions.map((one) => [one.Properties.FunctionName.split('-').at(-1), one]));
}

describe(createFeedApp, () => {
  it('passes cdk-nag and the checks of the CDK, with real bundles', () => {
    expect(() => createFeedApp(target, { outdir, context }).synth()).not.toThrow();
    expect(functionsIn(outdir).size).toBe(3);
  });
});

describe(FeedFunction, () => {
  it.each(['dispatch', 'sweep', 'publish'])(
    'bundles %s whole: it imports, has its handler and a source map',
    (name) => {
      const { Code, Environment, Handler } = functionsIn(outdir).get(name)?.Properties ?? {};
      const bundle = join(outdir, `asset.${Code.S3Key.replace('.zip', '')}`);
      const text = readFileSync(join(bundle, 'index.mjs'), 'utf8');
      const variables = Object.entries(Environment.Variables).map(
        ([key, value]) =>
          [
            key,
            typeof value === 'string' ? value : 'https://sqs.eu-central-1.amazonaws.com/123456789012/name',
          ] as const,
      );
      const script = `const { handler } = await import(${JSON.stringify(join(bundle, 'index.mjs'))}); console.log(typeof handler);`;
      const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        // Away from the project: nothing but the bundle is there, as in Lambda.
        cwd: outdir,
        env: { ...Object.fromEntries(variables), AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: name },
        encoding: 'utf8',
      });

      expect(printed.trim().split('\n').at(-1)).toBe('function');
      expect(Handler).toBe('index.handler');
      expect(readdirSync(bundle).toSorted()).toStrictEqual(['index.mjs', 'index.mjs.map']);
      expect(text).not.toMatch(/from\s*["']@aws-sdk\//);
      // The words of another language: zod's locales would come as a whole.
      expect(text).not.toMatch(/Ung(ü|\\xFC)ltig/);
    },
  );
});

describe(forbiddenImports, () => {
  const infra = readSourceFiles('infra');
  const planted = (imported: string): SourceFile => ({ path: 'infra/a.ts', text: `import { a } from '${imported}';` });

  it('finds that infra imports no runtime code', () => {
    expect(infra.length).toBeGreaterThan(20);
    expect(infra.flatMap(forbiddenImports)).toStrictEqual([]);
    expect(infra.flatMap(bannedNames)).toStrictEqual([]);
    expect(infra.flatMap(overlongFiles)).toStrictEqual([]);
  });

  it.each([
    '../src/store/log-store.ts',
    '../src/sweep/run-tick.ts',
    '../functions/sweep.ts',
    '@aws-sdk/client-sqs',
    'node:fs',
  ])('tells of a planted import of %s in infra', (imported) => {
    expect(forbiddenImports(planted(imported))).toHaveLength(1);
  });
});
