import { describe, expect, it } from 'vitest';
import * as zod from 'zod';
import { connectionFileSchema } from '../../../src/config/connection-schema.ts';
import { vendors } from './fake-vendors.ts';
import { entry } from './parse-connections.ts';

const schema = connectionFileSchema(vendors);
const published = zod.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
const accepts = (file: unknown): boolean => published.safeParse(JSON.parse(JSON.stringify(file))).success;
const acceptsEntry = (changes: { readonly [key: string]: unknown }): boolean =>
  accepts({ connections: [entry(changes)] });

describe('connectionFileSchema', () => {
  it('accepts a connection that names everything', () => {
    const full = {
      tenantId: 'acme',
      directoryId: 'acme-1',
      credentials: {
        clientId: { env: 'A' },
        clientSecret: { file: './b' },
        tokenUrl: { secretsManager: 'c', field: 'd' },
      },
      every: '15m',
      baseline: 'silent',
      deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
      brake: { deleted: { maxCount: 1, maxPercent: 2.5, neverAbove: 3 }, created: {} },
      fields: { ignore: ['title'], redact: ['phones', 'vendorAttributes.admin'], hash: ['userName'] },
      payload: 'thin',
      events: { sweepCompleted: false },
      users: { include: { emailDomains: ['acme.example'] }, exclude: { groups: ['bots'] } },
      requestBudget: { requests: 50, per: '10s' },
      options: { pageSize: 200 },
    };

    expect(accepts({ $schema: './connections.schema.json', connections: [entry(), entry(full)] })).toBe(true);
  });

  it('accepts a vendor with an address of its own without base address', () => {
    expect(acceptsEntry({ vendor: 'service', baseUrl: undefined, options: { accountId: '7' } })).toBe(true);
  });

  it('accepts deltas of a vendor that has a filter for them', () => {
    const service = { vendor: 'service', options: { accountId: '7' } };

    expect(acceptsEntry({ ...service, deltaEvery: '5m' })).toBe(true);
    expect(acceptsEntry({ ...service, deltaEvery: 300 })).toBe(false);
  });

  it.each([
    ['an unknown key', { interval: '5m' }],
    ['deltas of a vendor without a filter', { deltaEvery: '5m' }],
    ['a limit of more than all', { brake: { deleted: { maxPercent: 101 } } }],
    ['a limit for an unknown kind', { brake: { renamed: {} } }],
    ['a redacted status', { fields: { redact: ['status'] } }],
    ['a hashed flag', { fields: { hash: ['emailVerified'] } }],
    ['a payload of another kind', { payload: 'none' }],
    ['an unknown vendor', { vendor: 'other' }],
    ['an id in upper case', { id: 'Acme' }],
    ['a number as duration', { every: 900 }],
    ['a duration without unit', { every: '900' }],
    ['one confirming sweep', { deletion: { confirmSweeps: 1 } }],
    ['an unknown key of deletion', { deletion: { probes: true } }],
    ['a rule about nobody', { users: { include: { groups: [] } } }],
    ['half a request budget', { requestBudget: { requests: 5 } }],
    ['an ignored status', { fields: { ignore: ['status'] } }],
    ['a base address without scheme', { baseUrl: 'acme.example' }],
    ['no base address where the customer hosts the vendor', { baseUrl: undefined }],
    ['no credentials', { credentials: undefined }],
    ['half a set of credentials', { credentials: { clientId: { env: 'A' } } }],
    ['two sets of credentials', { credentials: { apiKey: { env: 'A' }, token: { env: 'A' } } }],
    ['a literal secret', { credentials: { apiKey: 'hunter2' } }],
    ['two references in one', { credentials: { apiKey: { env: 'A', file: './b' } } }],
    ["another vendor's option", { options: { accountId: '7' } }],
    ['an option out of range', { options: { pageSize: 5000 } }],
    ['no options where the vendor needs some', { vendor: 'service' }],
  ])('refuses %s', (_what, changes) => {
    expect(acceptsEntry(changes)).toBe(false);
  });

  it.each([{}, { connections: [] }, { connections: [entry()], version: 1 }])('refuses the file %j', (file) => {
    expect(accepts(file)).toBe(false);
  });

  it('offers one form per vendor, told apart by its id, and explains its keys', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: {
        connections: {
          maxItems: 10_000,
          items: {
            oneOf: [
              {
                title: 'Hosted (users)',
                properties: {
                  vendor: { const: 'hosted' },
                  every: {
                    default: '15m',
                    pattern: '^(0|[1-9][0-9]{0,7})([smhd])$',
                    description: expect.stringContaining('1m deployed'),
                  },
                  fields: {
                    properties: { ignore: { items: { enum: ['title', 'emails', 'vendorAttributes.admin'] } } },
                  },
                },
              },
              { title: 'Service (users)', properties: { vendor: { const: 'service' } } },
            ],
          },
        },
      },
    });
  });

  it('writes the form of a reference to a secret once', () => {
    expect(schema.definitions).toMatchObject({ SecretReference: { description: expect.stringContaining('embedded') } });
    expect(JSON.stringify(schema).split('"secretsManager":{').length - 1).toBe(1);
  });

  it('is the same every time', () => {
    expect(connectionFileSchema(vendors)).toStrictEqual(schema);
  });

  it('refuses to describe no vendor at all', () => {
    expect(() => connectionFileSchema([])).toThrow('there is no vendor to describe');
  });
});
