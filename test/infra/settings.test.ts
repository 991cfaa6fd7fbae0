import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../infra/read-settings.ts';
import { settingReaders } from '../../infra/setting-readers.ts';
import { defaultSettings } from '../../infra/settings.ts';

const account = '123456789012';
const region = 'eu-central-1';

function read(context: Record<string, unknown>, target: { account?: string; region?: string } = {}) {
  return readSettings({ context, account, region, ...target });
}

/** The lines of what is thrown, without the first. */
function faultsOf(
  context: Record<string, unknown>,
  target: { account?: string; region?: string } = {},
): readonly string[] {
  try {
    read(context, target);
  } catch (error) {
    return String(error).split('\n  ').slice(1);
  }
  return [];
}

describe(readSettings, () => {
  it('needs none', () => {
    expect(read({ '@aws-cdk/core:enablePartitionLiterals': true, 'aws:cdk:bundling-stacks': [] })).toStrictEqual(
      defaultSettings,
    );
  });

  it('takes text of a command line and JSON of a file for the same', () => {
    const expected = {
      ...defaultSettings,
      archiveDays: 0,
      withoutSchemas: true,
      busAccounts: ['111122223333', '444455556666'],
      tenantBuses: { acme: ['111122223333'] },
    };

    expect(
      read({
        archiveDays: '0',
        withoutSchemas: 'true',
        busAccounts: '111122223333, 444455556666',
        tenantBuses: '{"acme":["111122223333"]}',
      }),
    ).toStrictEqual(expected);
    expect(
      read({
        archiveDays: 0,
        withoutSchemas: true,
        busAccounts: ['111122223333', '444455556666'],
        tenantBuses: { acme: ['111122223333'] },
      }),
    ).toStrictEqual(expected);
  });

  it('looks for secrets below the name of the stack unless told where', () => {
    expect(read({ stackName: 'people' }).secretsPrefix).toBe('people');
    expect(read({ stackName: 'people', secretsPrefix: 'teams/people' }).secretsPrefix).toBe('teams/people');
  });

  it.each([
    ['stackName', 'Users'],
    ['removal', 'keep'],
    ['archiveDays', '-1'],
    ['archiveDays', 'thirty'],
    ['logRetentionDays', '31'],
    ['logLevel', 'TRACE'],
    ['sweepConcurrency', '1'],
    ['sweepMemoryMb', '128'],
    ['secretsPrefix', '/users/'],
    ['busAccounts', '1111'],
    ['busOrganization', 'acme'],
    ['tenantBuses', 'acme'],
    ['tenantBuses', '{"Acme":[]}'],
    ['tenantBuses', '{"acme":["1"]}'],
    ['tenantBuses', JSON.stringify({ acme: Array(300).fill('111122223333') })],
    ['tableKeyArn', 'alias/users'],
    ['alarmTopicArn', 'arn:aws:sqs:eu-central-1:123456789012:ops'],
    ['alarmEmail', 'ops'],
    ['allowLoopbackVendors', 'yes'],
  ])('tells of %s that it is not %s, and what to write', (key, value) => {
    const [fault, ...others] = faultsOf({ [key]: value });

    expect(others).toStrictEqual([]);
    expect(fault).toMatch(new RegExp(`^${key}: found .+; write .{4,}`, 's'));
    expect(fault).toContain(JSON.stringify(value));
  });

  it('lists every fault at once, unknown keys with the known ones', () => {
    const faults = faultsOf({ archiveDays: 'x', sweepConcurency: '5' }, { region: 'eu-middle-1' });

    expect(faults).toHaveLength(3);
    expect(faults[1]).toMatch(/^sweepConcurency: there is no such setting; write one of .*sweepConcurrency/);
    expect(faults[2]).toBe(
      'AWS_REGION: found "eu-middle-1", which is no region this CDK knows; write one as in eu-central-1',
    );
  });

  it('refuses plain http to vendors outside an emulator', () => {
    const asked = { allowLoopbackVendors: 'true' };

    expect(faultsOf(asked)[0]).toContain('allowLoopbackVendors: found true for account 123456789012; leave it out');
    expect(read(asked, { account: '000000000000' }).allowLoopbackVendors).toBe(true);
  });

  it('refuses an address and a topic for alarms together', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:ops';

    expect(faultsOf({ alarmEmail: 'ops@example.com', alarmTopicArn })[0]).toMatch(/^alarmEmail: alarmTopicArn is set/);
  });
});

describe('settingReaders', () => {
  it('are the rows of the table in docs/deploying.md, no more and no fewer', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
    const rows = Array.from(page.matchAll(/^\| (`[^|]+) \|/gm), ([, names = '']) =>
      names.replaceAll('`', '').split(', '),
    );

    expect(rows.flat().toSorted()).toStrictEqual(Object.keys(settingReaders).toSorted());
  });
});
