import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { type CredentialStore, credentialStoreOf, type Secret } from './credentials.ts';
import { explainOutside, readSecretPrefix } from './secret-prefix.ts';

export type AwsSecrets = {
  readonly parameters: SSMClient;
  readonly secrets: SecretsManagerClient;
  /** Nothing outside of it is read. */
  readonly prefix: string;
};

/** How long a secret is kept in memory. A vendor that refuses it makes it be read at once. */
const keptSeconds = 300;

/** The credential store of a deployed stack: SSM parameters and secrets of Secrets Manager, below one prefix. */
export function createAwsCredentialStore({ parameters, secrets, prefix: text }: AwsSecrets): CredentialStore {
  const prefix = readSecretPrefix(text);
  const parameterStore = new SSMProvider({ awsSdkV3Client: parameters });
  const secretStore = new SecretsProvider({ awsSdkV3Client: secrets });
  return credentialStoreOf({
    async ssm({ ssm }, isRefused) {
      const outside = explainOutside(ssm, 'ssm', prefix);
      if (outside !== undefined) return { fault: outside };
      const ask = { decrypt: true, maxAge: keptSeconds, forceFetch: isRefused };
      return readText(() => parameterStore.get(ssm, ask));
    },
    async secretsManager({ secretsManager, field }, isRefused) {
      const outside = explainOutside(secretsManager, 'secretsManager', prefix);
      if (outside !== undefined) return { fault: outside };
      const ask = { maxAge: keptSeconds, forceFetch: isRefused };
      const secret = await readText(() => secretStore.get(secretsManager, ask));
      return field === undefined || 'fault' in secret ? secret : pickField(secret.value, field);
    },
  });
}

async function readText(read: () => Promise<unknown>): Promise<Secret> {
  try {
    const value = await read();
    if (typeof value === 'string') return { value };
    return { fault: value === undefined ? 'has no value' : 'holds bytes rather than text: store it as text' };
  } catch (error) {
    return { fault: explainRefusal(error) };
  }
}

/** By the name of the error alone: what AWS says of a request is not for connection reports. */
function explainRefusal(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const name = cause instanceof Error ? cause.name : 'unknown error';
  if (/NotFound/.test(name)) return 'does not exist: create it, or name another';
  if (/AccessDenied|NotAuthorized/.test(name))
    return 'may not be read: allow the sweep function to read it, and to use the key it is encrypted with';
  if (/KMS|InvalidKeyId|DecryptionFailure/.test(name))
    return `cannot be decrypted (${name}): allow the sweep function to use its key`;
  return `cannot be read now (${name})`;
}

/** Shows nothing of what the secret holds: neither values nor other keys. */
function pickField(text: string, field: string): Secret {
  const value = fieldOf(text, field);
  if (value === undefined) return { fault: `is no JSON object with a field "${field}" (its content is not shown)` };
  if (typeof value !== 'string')
    return { fault: `holds something other than a text in its field "${field}" (not shown)` };
  return { value };
}

function fieldOf(text: string, field: string): unknown {
  try {
    const secret: unknown = JSON.parse(text);
    const isObject = typeof secret === 'object' && secret !== null && !Array.isArray(secret);
    return isObject && Object.hasOwn(secret, field)
      ? (secret as { readonly [key: string]: unknown })[field]
      : undefined;
  } catch {
    return undefined;
  }
}
