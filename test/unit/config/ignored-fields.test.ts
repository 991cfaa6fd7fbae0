import { describe, expect, it } from 'vitest';
import { findIgnoreFaults, listIgnorableFields } from '../../../src/config/ignored-fields.ts';
import { hosted, service } from './fake-vendors.ts';

const faultsOf = (ignored: unknown, options: unknown) =>
  findIgnoreFaults(ignored, 'ignore', service, options).map(({ path }) => path);

describe('listIgnorableFields', () => {
  it('leaves out what always counts', () => {
    expect(listIgnorableFields(hosted)).toStrictEqual(['title', 'emails', 'vendorAttributes.admin']);
  });
});

describe('findIgnoreFaults', () => {
  it('accepts a field that the options bring', () => {
    const ignored = ['userName', 'vendorAttributes.size'];

    expect(faultsOf(ignored, { accountId: 'a', extraField: 'size' })).toStrictEqual([]);
    expect(faultsOf(ignored, { accountId: 'a' })).toStrictEqual(['ignore[1]']);
  });

  it('leaves fields undecided that options with a fault may bring, but never status', () => {
    expect(faultsOf(['vendorAttributes.size', 'status'], 'nonsense')).toStrictEqual(['ignore[1]']);
  });
});
