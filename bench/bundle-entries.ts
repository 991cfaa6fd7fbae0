import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { type BundlingOptions, LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Metafile } from 'esbuild';
import { featureFlags } from '../infra/feature-flags.ts';
import { functionBundle } from '../infra/function-bundle.ts';

/** An entry to bundle, by its path from the root, and what to do otherwise than the stack. */
export type BundledEntry = { readonly entry: string; readonly otherwise?: BundlingOptions };

export type Bundle = {
  readonly path: string;
  readonly bytes: number;
  readonly mapBytes: number;
  /** What is in it: bytes by the path of the file they come from, largest first, and nothing that was shaken away. */
  readonly inputs: readonly { readonly path: string; readonly bytes: number }[];
  /** What it imports when it runs. */
  readonly imports: readonly { readonly path: string; readonly isOnDemand: boolean }[];
};

/** Bundles entries as the stack does, by the same construct with the same options, into a folder that `use` may use. */
export async function bundleEntries<Name extends string, Outcome>(
  entries: Readonly<Record<Name, BundledEntry>>,
  use: (bundles: Readonly<Record<Name, Bundle>>) => Promise<Outcome>,
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  try {
    const app = new App({ outdir: folder, context: featureFlags });
    const functions = Object.entries<BundledEntry>(entries).map(([name, { entry, otherwise }]) => {
      // A stack for each: its only asset is the bundle.
      const stack = new Stack(app, name);
      const props = functionBundle(entry);
      const bundling = { ...props.bundling, ...otherwise, metafile: true, logLevel: LogLevel.ERROR };
      new NodejsFunction(stack, 'Function', { ...props, bundling });
      return { name, stack };
    });
    const assembly = app.synth();
    const bundles = functions.map(async ({ name, stack }) => {
      const assets = await readJson<Assets>(join(folder, `${stack.stackName}.assets.json`));
      const packed = Object.values(assets.files).find(({ source }) => source.packaging === 'zip');
      return [name, await readBundle(join(assembly.directory, packed?.source.path ?? ''))] as const;
    });
    return await use(Object.fromEntries(await Promise.all(bundles)) as Record<Name, Bundle>);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The manifest that the CDK writes beside a template. */
type Assets = { readonly files: Record<string, { readonly source: { readonly path: string; packaging: string } }> };

async function readBundle(folder: string): Promise<Bundle> {
  const path = join(folder, 'index.mjs');
  const { outputs } = await readJson<Metafile>(join(folder, 'index.meta.json'));
  const output = Object.entries(outputs).find(([name]) => name.endsWith('.mjs'))?.[1];
  return {
    path,
    bytes: (await stat(path)).size,
    mapBytes: (await stat(`${path}.map`)).size,
    inputs: Object.entries(output?.inputs ?? {})
      .map(([from, { bytesInOutput: bytes }]) => ({ path: from, bytes }))
      .filter(({ bytes }) => bytes > 0)
      .toSorted((a, b) => b.bytes - a.bytes),
    imports: (output?.imports ?? []).map((one) => ({ path: one.path, isOnDemand: one.kind === 'dynamic-import' })),
  };
}

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(file, 'utf8')) as Content;
}
