import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const environment = {
  TABLE_NAME: 'feed',
  BUS_NAME: 'users',
  SWEEP_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/sweeps',
  SECRETS_PREFIX: 'user-change-feed',
  EPOCH_PARAMETER: 'user-change-feed-epoch',
  AWS_REGION: 'eu-central-1',
};

/** Bundles an entry as it is deployed, imports it in a bare Node, and says what it exports. */
async function importBundle(entry: string, env: { readonly [name: string]: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, `${entry}.mjs`);
  const { metafile } = await build({
    entryPoints: [`functions/lambda/${entry}.ts`],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    metafile: true,
    // CommonJS packages within the bundle ask for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  const program = `console.log(Object.entries(await import(${JSON.stringify(outfile)})).map(([name, value]) => name + ' ' + typeof value).join())`;
  const imported = run(process.execPath, ['--input-type=module', '-e', program], { env, cwd: folder });
  return {
    stdout: await imported.then(
      ({ stdout }) => stdout.trim(),
      ({ stderr }: { stderr: string }) => stderr,
    ),
    inputs: Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0),
    ),
  };
}

describe('a deployed entry', () => {
  it.each(['dispatch', 'sweep', 'publish'])('exports its handler and nothing else: %s', async (entry) => {
    const { stdout, inputs } = await importBundle(entry, environment);

    expect(stdout).toBe('handler function');
    expect(inputs.filter((path) => /zod\/v4\/(locales|classic)\/(?!en\.)/.test(path))).toStrictEqual([]);
    expect(inputs.filter((path) => /(^|\/)(local|cli|test|dynalite|commander)\//.test(path))).toStrictEqual([]);
  });

  it('refuses to start without its environment, and names what is missing', async () => {
    const { stdout } = await importBundle('publish', {});

    expect(stdout).toContain('the environment of the publish function has 2 faults');
    expect(stdout).toContain('TABLE_NAME: is missing; expected the name of the DynamoDB table: deploy the stack again');
  });
});
