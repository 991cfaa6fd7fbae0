import { describe, expect, it } from 'vitest';
import { readLambdaSettings } from '../../../src/config/lambda-settings.ts';
import { isFeedError } from '../../../src/model/feed-error.ts';

const environment = {
  TABLE_NAME: 'feed',
  BUS_NAME: 'users',
  SWEEP_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/sweeps',
  SECRETS_PREFIX: 'user-change-feed',
  EPOCH_PARAMETER: 'user-change-feed-epoch',
  AWS_SECRET_ACCESS_KEY: 'not read',
};

function faultsOf(changes: { readonly [name: string]: string | undefined }): readonly string[] {
  try {
    readLambdaSettings({ ...environment, ...changes }, 'sweep');
    return [];
  } catch (error) {
    if (!isFeedError(error, 'config.invalid')) throw error;
    return error.message.split('\n').slice(1);
  }
}

describe('readLambdaSettings', () => {
  it('reads what the sweep function is told, with defaults', () => {
    expect(readLambdaSettings(environment, 'sweep')).toStrictEqual({
      TABLE_NAME: 'feed',
      BUS_NAME: 'users',
      SWEEP_QUEUE_URL: environment.SWEEP_QUEUE_URL,
      SECRETS_PREFIX: 'user-change-feed',
      EPOCH_PARAMETER: 'user-change-feed-epoch',
      POWERTOOLS_SERVICE_NAME: 'user-change-feed',
      TENANT_BUSES: {},
      LOG_LEVEL: 'INFO',
      ALLOW_LOOPBACK_VENDORS: false,
      ALLOW_PRIVATE_VENDORS: false,
    });
  });

  it('asks each function only for what it needs', () => {
    const { SWEEP_QUEUE_URL: _, SECRETS_PREFIX: __, ...publish } = environment;

    expect(readLambdaSettings(publish, 'publish').TABLE_NAME).toBe('feed');
    expect(() => readLambdaSettings(publish, 'dispatch')).toThrow('SWEEP_QUEUE_URL: is missing');
    expect(readLambdaSettings({ ...environment, SECRETS_PREFIX: undefined }, 'dispatch').BUS_NAME).toBe('users');
  });

  it('reads the buses of tenants and the permission for loopback', () => {
    const read = readLambdaSettings(
      { ...environment, TENANT_BUSES: '{"acme":"acme-users"}', ALLOW_LOOPBACK_VENDORS: 'true' },
      'sweep',
    );

    expect([read.TENANT_BUSES, read.ALLOW_LOOPBACK_VENDORS]).toStrictEqual([{ acme: 'acme-users' }, true]);
  });

  it('names each variable that is wrong, what it holds and what to do, all at once', () => {
    const faults = faultsOf({
      TABLE_NAME: undefined,
      SWEEP_QUEUE_URL: 'sweeps',
      TENANT_BUSES: '["acme"]',
      LOG_LEVEL: 'LOUD',
      ALLOW_LOOPBACK_VENDORS: 'yes',
    });

    expect(faults).toHaveLength(5);
    expect(faults.join('\n')).toMatch(/TABLE_NAME: is missing; expected the name of the DynamoDB table: deploy/);
    expect(faults.join('\n')).toMatch(/SWEEP_QUEUE_URL: .*address of the sweep queue.*found "sweeps"/);
    expect(faults.join('\n')).toMatch(/TENANT_BUSES: .*found "\[\\"acme\\"\]": deploy the stack again/);
    expect(faults.join('\n')).toMatch(/LOG_LEVEL: expected .*"DEBUG".*found "LOUD"/);
    expect(faults.join('\n')).toMatch(/ALLOW_LOOPBACK_VENDORS: expected .*"true".*found "yes"/);
  });
});
