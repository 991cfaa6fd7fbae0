import * as z from 'zod/mini';
import type { Vendor } from '../../../src/vendors/vendor.ts';

const proves: Vendor['proves'] = {
  endSignal: 'none',
  total: 'none',
  delta: 'none',
  probe: 'none',
  deletionsVisible: 'never',
  notFound: 'nothing' as const,
};
const fetchPage = (): never => {
  throw new TypeError('a configuration is read without asking the vendor');
};

const hostedOptions = z.strictObject({
  pageSize: z._default(z.int().check(z.gte(1), z.lte(1000)), 200),
  status: z.optional(z.enum(['active', 'locked'])),
});
/** The customer hosts it: no address of its own. */
export const hosted: Vendor<z.output<typeof hostedOptions>> = {
  id: 'hosted',
  title: 'Hosted (users)',
  mappingVersion: 1,
  leftOut: {},
  projection: [
    { path: 'title' },
    { path: 'emails' },
    { path: 'status' },
    { path: 'rawStatus' },
    { path: 'vendorAttributes.admin' },
  ],
  options: hostedOptions,
  credentialSets: [['apiKey'], ['token'], ['clientId', 'clientSecret', 'tokenUrl']],
  defaultBaseUrl: () => undefined,
  account: () => undefined,
  scope: () => ({}),
  proves,
  fetchPage,
};

const serviceOptions = z.strictObject({
  accountId: z.string().check(z.minLength(1)),
  region: z._default(z.enum(['us', 'eu']), 'us'),
  extraField: z.optional(z.string()),
  changedAfter: z.optional(z.string()),
});
/** One service for everybody, its address by region. It has a filter for changed users. */
export const service: Vendor<z.output<typeof serviceOptions>> = {
  id: 'service',
  title: 'Service (users)',
  mappingVersion: 1,
  leftOut: {},
  projection: [{ path: 'userName' }, { path: 'status' }],
  projectionFor: ({ extraField }) => [
    { path: 'userName' },
    ...(extraField === undefined ? [] : [{ path: `vendorAttributes.${extraField}` } as const]),
  ],
  options: serviceOptions,
  credentialSets: [['apiKey']],
  uncountedAttributes: ['vendorAttributes.origin'],
  delta: { rivals: ['changedAfter'] },
  defaultBaseUrl: ({ region }) => `https://${region}.service.example/v1`,
  account: ({ accountId }) => accountId,
  scope: () => ({}),
  proves,
  fetchPage,
};

export const vendors: readonly Vendor[] = [hosted, service];
