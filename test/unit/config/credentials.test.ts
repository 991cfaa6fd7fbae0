import { describe, expect, it } from 'vitest';
import { createCredentialStore, credentialStoreOf } from '../../../src/config/credentials.ts';
import type { SecretReference } from '../../../src/model/connection.ts';
import { isFeedError } from '../../../src/model/feed-error.ts';
import { parseEntry } from './parse-connections.ts';

const files: { readonly [path: string]: string } = {
  '/key': 'from-file\n',
  '/windows': 'from-file\r\n',
  '/bare': 'from-file',
  '/empty': '\n',
  '/two-lines': 'a\nb\n',
  '/blank-line': 'a\n\n',
};
const store = createCredentialStore({
  env: {
    ACME_KEY: 'from-env',
    SECOND: 'päss wörd',
    EMPTY: '',
    BLANK: 'key ',
    BREAK: 'key\n',
    TAB: 'a\tb',
    HIDDEN: 'a\u200bb',
    GONE: undefined,
  },
  readFile: async (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return text;
  },
});

const connectionWith = (credentials: { readonly [name: string]: SecretReference }) => ({
  ...parseEntry(),
  credentials,
});

async function faultsOf(credentials: { readonly [name: string]: SecretReference }, resolving = store) {
  const thrown: unknown = await resolving.resolve(connectionWith(credentials)).catch((error: unknown) => error);
  if (!isFeedError(thrown, 'config.invalid')) throw new TypeError('expected config.invalid');
  return thrown.context.faults.map(({ path, message }) => `${path}: ${message}`);
}

describe('createCredentialStore', () => {
  it('takes secrets from the environment and from files', async () => {
    expect(await store.resolve(connectionWith({ apiKey: { env: 'ACME_KEY' }, token: { file: '/key' } }))).toStrictEqual(
      {
        apiKey: 'from-env',
        token: 'from-file',
      },
    );
  });

  it.each(['/key', '/windows', '/bare'])('takes one line end off a file: %s', async (file) => {
    expect(await store.resolve(connectionWith({ apiKey: { file } }))).toStrictEqual({ apiKey: 'from-file' });
  });

  it('keeps blanks and letters beyond ASCII within a secret', async () => {
    expect(await store.resolve(connectionWith({ apiKey: { env: 'SECOND' } }))).toStrictEqual({ apiKey: 'päss wörd' });
  });

  it('names every credential that is missing at once, with the variable or the file', async () => {
    expect(
      await faultsOf({ username: { env: 'NO_SUCH' }, apiKey: { env: 'ACME_KEY' }, password: { file: '/no-such' } }),
    ).toStrictEqual([
      'acme.credentials.username: environment variable NO_SUCH is not set: export it, or name another in the connection file',
      'acme.credentials.password: file /no-such cannot be read: there is no such file',
    ]);
  });

  it.each(['GONE', 'toString', '__proto__'])('takes %s for a variable that is not set', async (env) => {
    expect((await faultsOf({ apiKey: { env } }))[0]).toContain('is not set');
  });

  it('names a variable in lower case that is missing', async () => {
    expect((await faultsOf({ apiKey: { env: 'no_such_key' } }))[0]).toContain(
      'environment variable no_such_key is not set',
    );
  });

  it('does not name a variable that may be a pasted key', async () => {
    expect(await faultsOf({ apiKey: { env: 'ghp_hunter2' } })).toStrictEqual([
      'acme.credentials.apiKey: environment variable (its name is not shown, as it could be a pasted key) is not set: export it, or name another in the connection file',
    ]);
  });

  it.each<readonly [SecretReference, string]>([
    [{ env: 'EMPTY' }, 'environment variable EMPTY is empty'],
    [{ file: '/empty' }, 'file /empty is empty'],
    [{ env: 'BLANK' }, 'environment variable BLANK begins or ends with white space (not shown): remove it'],
    [{ env: 'BREAK' }, 'environment variable BREAK begins or ends with white space (not shown): remove it'],
    [{ file: '/blank-line' }, 'file /blank-line begins or ends with white space (not shown): remove it'],
    [{ env: 'TAB' }, 'environment variable TAB holds a control or invisible character (not shown): remove it'],
    [{ env: 'HIDDEN' }, 'environment variable HIDDEN holds a control or invisible character (not shown): remove it'],
    [{ file: '/two-lines' }, 'file /two-lines holds a control or invisible character (not shown): remove it'],
  ])('refuses the secret of %j', async (reference, message) => {
    expect(await faultsOf({ apiKey: reference })).toStrictEqual([`acme.credentials.apiKey: ${message}`]);
  });

  it('cannot read what AWS keeps', async () => {
    expect(await faultsOf({ apiKey: { ssm: '/k' }, token: { secretsManager: 's' } })).toStrictEqual([
      'acme.credentials.apiKey: parameter /k cannot be read in this runtime',
      'acme.credentials.token: secret s cannot be read in this runtime',
    ]);
  });

  it('sees a secret that was rotated', async () => {
    const env = { ACME_KEY: 'old' };
    const rotating = createCredentialStore({ env, readFile: async () => '' });

    env.ACME_KEY = 'new';

    expect(await rotating.resolve(parseEntry())).toStrictEqual({ apiKey: 'new' });
  });
});

describe('credentialStoreOf', () => {
  it('asks the resolver of each kind', async () => {
    const aws = credentialStoreOf({
      ssm: async ({ ssm }) => ({ value: `parameter of ${ssm}` }),
      secretsManager: async ({ secretsManager, field }) => ({ value: `${field} of ${secretsManager}` }),
    });

    const credentials = await aws.resolve(
      connectionWith({ apiKey: { ssm: '/k' }, token: { secretsManager: 's', field: 'f' } }),
    );

    expect(credentials).toStrictEqual({ apiKey: 'parameter of /k', token: 'f of s' });
    expect(await faultsOf({ apiKey: { env: 'K' } }, aws)).toStrictEqual([
      'acme.credentials.apiKey: environment variable K cannot be read in this runtime',
    ]);
  });
});
