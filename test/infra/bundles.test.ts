import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { type Bundle, bundleEntries } from '../../bench/bundle-entries.ts';
import { bundledEntries } from '../../bench/bundles.ts';
import { functionEnvironments } from '../../bench/function-environments.ts';
import { featureFlags } from '../../infra/feature-flags.ts';
import { FeedFunction } from '../../infra/feed-function.ts';
import { functionBundle, unusedCredentialSources } from '../../infra/function-bundle.ts';
import { readSettings } from '../../infra/read-settings.ts';

const names = ['dispatch', 'publish', 'sweep'] as const;
const clients: Readonly<Record<string, readonly string[]>> = {
  dispatch: ['dynamodb', 'eventbridge', 'sqs', 'ssm'],
  publish: ['dynamodb', 'eventbridge'],
  sweep: ['dynamodb', 'eventbridge', 'secrets-manager', 'sqs', 'ssm'],
};
const environments = functionEnvironments();

const { bundles, publishText, firstRequest } = await bundleEntries(bundledEntries(), async (all) => ({
  bundles: all,
  publishText: readFileSync(bundleOf(all, 'publish').path, 'utf8'),
  firstRequest: await firstRequestOf(bundleOf(all, 'dispatch').path, environments.dispatch ?? {}),
}));

function bundleOf(all: Readonly<Record<string, Bundle>>, name: string): Bundle {
  const bundle = all[name];
  if (bundle === undefined) throw new Error(`no bundle ${name}`);
  return bundle;
}

/** The files of a bundle whose paths match. */
function inputsLike(name: string, pattern: RegExp): readonly string[] {
  return bundleOf(bundles, name)
    .inputs.map(({ path }) => path)
    .filter((path) => pattern.test(path));
}

/** Calls the handler of a bundle, where Lambda's variables are all there is, and gives the headers it first sends. */
async function firstRequestOf(path: string, env: Readonly<Record<string, string>>): Promise<IncomingHttpHeaders> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"ValidationException"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = `const { handler } = await import(${JSON.stringify(path)});
    await handler({}, {}).catch(() => {}); process.exit();`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: dirname(path),
    env: {
      ...env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIDOFTHEFUNCTION',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token-of-the-function',
    },
  });
  await new Promise((resolve) => server.close(resolve));
  return received[0] ?? {};
}

describe('the bundle of a function', () => {
  it.each(names)('has no words of other languages, and nothing that runs elsewhere: %s', (name) => {
    expect(inputsLike(name, /zod\/v4\/(locales|classic)\/(?!en\.)/)).toStrictEqual([]);
    expect(inputsLike(name, /^(local|cli|infra|test|tools|bench)\//)).toStrictEqual([]);
    expect(inputsLike(name, /node_modules\/(dynalite|classic-level|commander|aws-cdk-lib|esbuild)\//)).toStrictEqual(
      [],
    );
    expect(inputsLike(name, /^src\//).length).toBeGreaterThan(30);
  });

  it.each(names)('has the SDK clients that it uses, and its reference has the same: %s', (name) => {
    const clientsIn = (of: string) => {
      const paths = inputsLike(of, /@aws-sdk\/client-/);
      return [...new Set(paths.map((path) => /client-([\w-]+)/.exec(path)?.[1]))].toSorted();
    };

    expect(clientsIn(name)).toStrictEqual(clients[name]);
    expect(clientsIn(`bare-${name}`)).toStrictEqual(clients[name]);
  });

  it.each(['dispatch', 'publish'])('talks to no vendor: %s', (name) => {
    expect(inputsLike(name, /node_modules\/undici\//)).toStrictEqual([]);
    expect(inputsLike(name, /^src\/vendors\//)).toStrictEqual([]);
  });

  it('has what talks to vendors where it is needed', () => {
    expect(inputsLike('sweep', /node_modules\/undici\//)).not.toStrictEqual([]);
    expect(inputsLike('sweep', /^src\/vendors\//)).not.toStrictEqual([]);
    expect(inputsLike('bare-sweep', /node_modules\/undici\//)).not.toStrictEqual([]);
  });

  it.each(names)('takes credentials from its environment and has no other source of them: %s', (name) => {
    const sources = /credential-provider-(?!node\/|env\/)|nested-clients|token-providers/;

    expect(inputsLike(name, sources)).toStrictEqual([]);
    expect(inputsLike(`bare-${name}`, sources)).not.toStrictEqual([]);
  });

  it.each(names)('needs nothing at its start but Node: %s', (name) => {
    const outside = bundleOf(bundles, name).imports.filter(({ path }) => !isOfNode(path));

    expect(outside.filter(({ isOnDemand }) => !isOnDemand)).toStrictEqual([]);
    expect(outside.filter(({ path }) => !unusedCredentialSources.includes(path))).toStrictEqual([]);
  });

  it('signs with the credentials that Lambda puts into the environment', () => {
    expect(firstRequest.authorization).toContain('Credential=AKIDOFTHEFUNCTION/');
    expect(firstRequest['x-amz-security-token']).toBe('token-of-the-function');
  });
});

function isOfNode(path: string): boolean {
  return path.startsWith('node:') || process.getBuiltinModule(path) !== undefined;
}

describe(functionBundle, () => {
  it('is measured exactly as the stack deploys it', async () => {
    const outdir = await mkdtemp(join(tmpdir(), 'stack-'));
    const stack = new Stack(new App({ outdir, context: featureFlags }), 'Feed');
    new FeedFunction(stack, 'Publish', {
      settings: readSettings({ context: {}, account: undefined, region: undefined }),
      name: 'publish',
      description: 'publishes',
      timeout: Duration.minutes(1),
      memoryMb: 512,
      environment: {},
    });
    const asset = readdirSync(outdir).find((name) => name.startsWith('asset.')) ?? '';
    const deployed = readFileSync(join(outdir, asset, 'index.mjs'), 'utf8');
    const files = readdirSync(join(outdir, asset));
    await rm(outdir, { recursive: true });

    expect(deployed === publishText).toBe(true);
    expect(files.toSorted()).toStrictEqual(['index.mjs', 'index.mjs.map']);
  });
});
