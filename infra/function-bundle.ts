import { join } from 'node:path';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

const root = join(import.meta.dirname, '..');

/**
 * Where the SDK looks for credentials when the environment has none. Lambda always puts a function's into its environment
 * (docs.aws.amazon.com/lambda, "Defined runtime environment variables"), so none of these is ever loaded. They are a
 * quarter of the bundle of `publish`; and because they are loaded on demand, the bundler wraps what they share with the
 * clients, module by module. Without them `publish` is imported in two thirds of the time (paired runs, November 2026).
 */
export const unusedCredentialSources: readonly string[] = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
  externalModules: [...unusedCredentialSources],
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  // undici is CommonJS, and asks for Node's own modules by `require`, which ESM has not.
  banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
};

/** What `NodejsFunction` needs to bundle an entry, named by its path from the root, as all of this stack are. */
export function functionBundle(entry: string) {
  return {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    entry: join(root, entry),
    projectRoot: root,
    depsLockFilePath: join(root, 'package-lock.json'),
    bundling,
  };
}
