import type { EventPattern as CdkPattern } from 'aws-cdk-lib/aws-events';
import { describe, expect, it } from 'vitest';
import { toCdkPattern } from '../../../src/events/to-cdk-pattern.ts';
import { userEventPattern } from '../../../src/events/user-event-pattern.ts';

const everyType = ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'];

describe(userEventPattern, () => {
  it('asks for every user event and no event about a connection', () => {
    expect(userEventPattern()).toStrictEqual({ source: ['user-change-feed'], 'detail-type': everyType });
  });

  it('puts each part of a filter where events carry it', () => {
    const pattern = userEventPattern({
      types: ['user.status_changed'],
      vendors: ['leen', 'truto'],
      connections: ['acme-leen', { prefix: 'globex-' }],
      tenants: { not: ['test'] },
      origins: ['live', 'repair'],
      reasons: { not: ['left_scope'] },
      statusFrom: { not: ['unknown'] },
      statusTo: ['suspended', 'inactive'],
      changedFields: ['status', 'vendorAttributes.admin'],
    });

    expect(pattern).toStrictEqual({
      source: ['user-change-feed'],
      'detail-type': ['user.status_changed'],
      detail: {
        metadata: {
          vendor: ['leen', 'truto'],
          connectionId: ['acme-leen', { prefix: 'globex-' }],
          tenantId: [{ 'anything-but': ['test'] }],
          origin: ['live', 'repair'],
          reason: { code: [{ 'anything-but': ['left_scope'] }] },
        },
        data: {
          status: { from: [{ 'anything-but': ['unknown'] }], to: ['suspended', 'inactive'] },
          changedFields: ['status', 'vendorAttributes.admin'],
        },
      },
    });
  });

  it.each([true, false])('asks whether the field is there where restored is %s', (restored) => {
    expect(userEventPattern({ types: ['user.created'], restored }).detail).toStrictEqual({
      data: { restored: [{ exists: restored }] },
    });
  });

  it('leaves out what is undefined, and names nothing twice', () => {
    const pattern = userEventPattern({ types: ['user.deleted', 'user.deleted'], tenants: undefined } as never);

    expect(pattern).toStrictEqual({ source: ['user-change-feed'], 'detail-type': ['user.deleted'] });
  });

  it.each([
    ['no type at all', { types: [] }, 'filter.types: expected a list of at least one value'],
    ['a list without a value', { vendors: [] }, 'filter.vendors: expected a list of at least one value'],
    ['all but nothing', { tenants: { not: [] } }, 'filter.tenants.not: expected a list of at least one value'],
    ['a value that is no list', { tenants: 'acme' }, 'filter.tenants: expected a list of at least one value'],
    [
      'a part nobody knows',
      { statuses: ['active'] },
      'filter.statuses: unknown; a filter has types, vendors, connections, tenants, origins, reasons, changedFields, ' +
        'restored, statusFrom, statusTo',
    ],
    ['a part by the name of a method', { toString: ['a'] }, /^filter\.toString: unknown/],
  ])('refuses %s', (_, filter, message) => {
    expect(() => userEventPattern(filter as never)).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });

  it('takes 2,048 characters and refuses one more', () => {
    const withName = (length: number) => userEventPattern({ connections: ['c'.repeat(length)] });
    const around = JSON.stringify(withName(1)).length - 1;

    expect(JSON.stringify(withName(2048 - around))).toHaveLength(2048);
    expect(() => withName(2049 - around)).toThrow(
      'the pattern has 2049 characters, a rule takes 2048: use two rules, or a prefix',
    );
  });
});

describe(toCdkPattern, () => {
  it('spells the detail type as CDK does, and nothing else differently', () => {
    const pattern = userEventPattern({ types: ['user.deleted'], tenants: ['acme'] });

    const spelt: CdkPattern = toCdkPattern(pattern);

    expect(spelt).toStrictEqual({
      source: ['user-change-feed'],
      detailType: ['user.deleted'],
      detail: { metadata: { tenantId: ['acme'] } },
    });
    expect(toCdkPattern(userEventPattern())).not.toHaveProperty('detail');
  });
});
