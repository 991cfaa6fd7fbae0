import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAwsCredentialStore } from '../../../src/config/aws-credentials.ts';
import type { SecretReference } from '../../../src/model/connection.ts';
import { isFeedError } from '../../../src/model/feed-error.ts';
import { type AwsAnswer, type AwsCall, startAwsServer } from '../../support/aws-server.ts';
import { parseEntry } from './parse-connections.ts';

type References = { readonly [name: string]: SecretReference };

const parameter = (Value: string): AwsAnswer => ({ body: { Parameter: { Value } } });
const secret = (SecretString: string): AwsAnswer => ({ body: { SecretString } });

/** A store below the prefix `ucf` over services that answer so. */
async function openStore(answer: (call: AwsCall) => AwsAnswer) {
  const server = await startAwsServer(answer);
  const parameters = new SSMClient(server.config);
  const secrets = new SecretsManagerClient(server.config);
  onTestFinished(async () => {
    parameters.destroy();
    secrets.destroy();
    await server.close();
  });
  const store = createAwsCredentialStore({ parameters, secrets, prefix: '/ucf/' });
  const resolve = (credentials: References, isRefused?: boolean) =>
    store.resolve({ ...parseEntry(), credentials }, isRefused);
  const faultOf = async (reference: SecretReference) => {
    const thrown: unknown = await resolve({ apiKey: reference }).catch((error: unknown) => error);
    if (!isFeedError(thrown, 'config.invalid')) throw new TypeError('expected config.invalid');
    return thrown.context.faults.map(({ path, message }) => `${path}: ${message}`).join();
  };
  return { calls: server.calls, resolve, faultOf };
}

describe('createAwsCredentialStore', () => {
  it('reads a parameter decrypted, and a secret or one field of it', async () => {
    const { resolve, calls } = await openStore(({ operation }) =>
      operation === 'GetParameter' ? parameter('from-ssm') : secret('{"token":"from-json","other":1}'),
    );

    const read = await resolve({
      apiKey: { ssm: '/ucf/acme/key' },
      token: { secretsManager: 'ucf/acme', field: 'token' },
    });

    expect(read).toStrictEqual({ apiKey: 'from-ssm', token: 'from-json' });
    expect(calls).toStrictEqual([
      { operation: 'GetParameter', input: { Name: '/ucf/acme/key', WithDecryption: true } },
      { operation: 'GetSecretValue', input: { SecretId: 'ucf/acme' } },
    ]);
  });

  it('keeps what it has read, and reads it anew where the vendor refuses it', async () => {
    let rotations = 0;
    const { resolve, calls } = await openStore(() => parameter(`key-${rotations}`));
    const references = { apiKey: { ssm: '/ucf/key' } };
    await resolve(references);
    rotations = 1;

    const kept = await resolve(references);
    const anew = await resolve(references, true);
    const after = await resolve(references);

    expect([kept, anew, after]).toStrictEqual([{ apiKey: 'key-0' }, { apiKey: 'key-1' }, { apiKey: 'key-1' }]);
    expect(calls).toHaveLength(2);
  });

  it.each<[string, SecretReference]>([
    ['a parameter elsewhere', { ssm: '/other/key' }],
    ['a parameter whose path only begins alike', { ssm: '/ucf-two/key' }],
    ['the prefix itself', { ssm: '/ucf/' }],
    ['the ARN of a parameter elsewhere', { ssm: 'arn:aws:ssm:eu-central-1:123456789012:parameter/other/key' }],
    ['a secret elsewhere', { secretsManager: 'other/key' }],
    [
      'the ARN of a secret elsewhere',
      { secretsManager: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:x/ucf/y-AbCdEf' },
    ],
  ])('reads nothing outside of its prefix: %s', async (_, reference) => {
    const { faultOf, calls } = await openStore(() => parameter('stolen'));

    expect(await faultOf(reference)).toMatch(/lies outside of \/?ucf\/, the only place/);
    expect(calls).toStrictEqual([]);
  });

  it.each<SecretReference>([
    { ssm: 'arn:aws:ssm:eu-central-1:123456789012:parameter/ucf/key' },
    { secretsManager: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:ucf/key-AbCdEf' },
  ])('takes an ARN below its prefix', async (reference) => {
    const { resolve } = await openStore(({ operation }) =>
      operation === 'GetParameter' ? parameter('k') : secret('k'),
    );

    expect(await resolve({ apiKey: reference })).toStrictEqual({ apiKey: 'k' });
  });

  it.each<[string, SecretReference]>([
    ['environment variable KEY', { env: 'KEY' }],
    ['file /key', { file: '/key' }],
  ])('refuses what is kept on a machine: %s', async (name, reference) => {
    const { faultOf } = await openStore(() => parameter('k'));

    expect(await faultOf(reference)).toBe(`acme.credentials.apiKey: ${name} cannot be read in this runtime`);
  });

  it.each([
    ['ParameterNotFound', 'does not exist'],
    ['AccessDeniedException', 'may not be read: allow the sweep function'],
    ['InvalidKeyId', 'cannot be decrypted'],
    ['ThrottlingException', 'cannot be read now (ThrottlingException)'],
  ])('says why a parameter cannot be had, and not in the words of the service: %s', async (error, words) => {
    const { faultOf } = await openStore(() => ({ error, message: 'arn:secret-words' }));

    const fault = await faultOf({ ssm: '/ucf/key' });

    expect(fault).toContain(`acme.credentials.apiKey: parameter /ucf/key ${words}`);
    expect(fault).not.toContain('secret-words');
  });

  it.each([
    ['no JSON at all', 'marker-4711'],
    ['a list', '["marker-4711"]'],
    ['another field', '{"marker-4711":"marker-4711"}'],
    ['a number in the field', '{"key":4711,"x":"marker-4711"}'],
    ['null', 'null'],
  ])('shows nothing of a secret of the wrong shape: %s', async (_, text) => {
    const { faultOf } = await openStore(() => secret(text));

    const fault = await faultOf({ secretsManager: 'ucf/acme', field: 'key' });

    expect(fault).toContain('secret ucf/acme');
    expect(fault).not.toContain('4711');
  });

  it('refuses bytes', async () => {
    const { faultOf } = await openStore(() => ({ body: { SecretBinary: 'AAEC' } }));

    expect(await faultOf({ secretsManager: 'ucf/acme' })).toContain('holds bytes rather than text');
  });
});
