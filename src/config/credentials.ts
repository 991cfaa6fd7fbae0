import type { Connection, SecretReference } from '../model/connection.ts';
import type { Fault } from '../model/feed-error.ts';
import type { Credentials } from '../vendors/vendor.ts';
import { invalidConfig } from './config-error.ts';
import type { Environment } from './environment.ts';
import { explainFileFailure } from './file-failure.ts';
import type { SecretKind } from './secret-reference.ts';

/** Looks up the secrets of connections. */
export type CredentialStore = {
  /**
   * With `isRefused` the vendor refuses what was resolved before: whatever is kept of it is read anew.
   * @throws config.invalid naming every credential that cannot be had, and never a value
   */
  resolve(connection: Connection, isRefused?: boolean): Promise<Credentials>;
};

/** What a reference names, or why it cannot be had; the reason shows nothing of the secret. */
export type Secret = { readonly value: string } | { readonly fault: string };
type ReferenceOf<Kind extends SecretKind> = Extract<SecretReference, { readonly [Key in Kind]: string }>;
/** How each kind of reference is resolved; a runtime leaves out what it cannot reach. */
export type SecretResolvers = {
  readonly [Kind in SecretKind]?: (reference: ReferenceOf<Kind>, isRefused: boolean) => Promise<Secret>;
};

export type LocalSecrets = {
  readonly env: Environment;
  /** The text of a file; rejects as `node:fs/promises` does. */
  readonly readFile: (path: string) => Promise<string>;
};

/**
 * The credential store of the embedded runtime: environment variables and files. Keeps nothing: a rotated secret counts
 * from the next call on.
 */
export function createCredentialStore(secrets: LocalSecrets): CredentialStore {
  return credentialStoreOf({
    env: async (reference) => readVariable(secrets.env, reference.env),
    file: (reference) => readSecretFile(secrets.readFile, reference.file),
  });
}

/** A credential store over whatever resolvers a runtime has. */
export function credentialStoreOf(resolvers: SecretResolvers): CredentialStore {
  return {
    async resolve(connection, isRefused = false) {
      const faults: Fault[] = [];
      const values: [string, string][] = [];
      for (const [name, reference] of Object.entries(connection.credentials)) {
        const secret = await readSecret(reference, resolvers, isRefused);
        if ('value' in secret) values.push([name, secret.value]);
        else faults.push({ path: `${connection.id}.credentials.${name}`, message: secret.fault });
      }
      if (faults.length > 0) throw invalidConfig(`connection ${connection.id}`, faults);
      return Object.fromEntries(values);
    },
  };
}

async function readSecret(reference: SecretReference, resolvers: SecretResolvers, isRefused: boolean): Promise<Secret> {
  const secret = await resolveReference(reference, resolvers, isRefused);
  const fault = 'fault' in secret ? secret.fault : explainUnusable(secret.value);
  return fault === undefined ? secret : { fault: `${nameReference(reference)} ${fault}` };
}

async function resolveReference(
  reference: SecretReference,
  resolvers: SecretResolvers,
  isRefused: boolean,
): Promise<Secret> {
  const unreachable: Secret = { fault: 'cannot be read in this runtime' };
  if ('env' in reference) return resolvers.env?.(reference, isRefused) ?? unreachable;
  if ('file' in reference) return resolvers.file?.(reference, isRefused) ?? unreachable;
  if ('ssm' in reference) return resolvers.ssm?.(reference, isRefused) ?? unreachable;
  return resolvers.secretsManager?.(reference, isRefused) ?? unreachable;
}

function nameReference(reference: SecretReference): string {
  if ('env' in reference) {
    // A pasted key can pass for a name in mixed case or with digits.
    const isSurelyName = /^(?:[A-Z_][A-Z0-9_]*|[a-z_]{1,40})$/.test(reference.env);
    return isSurelyName
      ? `environment variable ${reference.env}`
      : 'environment variable (its name is not shown, as it could be a pasted key)';
  }
  if ('file' in reference) return `file ${reference.file}`;
  return 'ssm' in reference ? `parameter ${reference.ssm}` : `secret ${reference.secretsManager}`;
}

function readVariable(env: Environment, name: string): Secret {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined ? { fault: 'is not set: export it, or name another in the connection file' } : { value };
}

async function readSecretFile(readFile: LocalSecrets['readFile'], path: string): Promise<Secret> {
  try {
    return { value: (await readFile(path)).replace(/\r?\n$/, '') };
  } catch (thrown) {
    return { fault: `cannot be read: ${explainFileFailure(thrown)}` };
  }
}

/** Why a value cannot be sent as a credential: it would be no header, or two. */
function explainUnusable(value: string): string | undefined {
  if (value === '') return 'is empty';
  if (/^\s|\s$/.test(value)) return 'begins or ends with white space (not shown): remove it';
  if (/[\p{Cc}\p{Cf}]/u.test(value)) return 'holds a control or invisible character (not shown): remove it';
  return undefined;
}
