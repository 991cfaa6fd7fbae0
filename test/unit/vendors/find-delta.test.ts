import { describe, expect, it } from 'vitest';
import { findDelta } from '../../../src/vendors/find-delta.ts';
import type { Vendor } from '../../../src/vendors/vendor.ts';
import { hosted } from '../config/fake-vendors.ts';

const delta = { rivals: ['since', 'until'] };
const filtering: Vendor = { ...(hosted as Vendor), delta };

describe(findDelta, () => {
  it('finds the filter of a vendor that has one', () => {
    expect(findDelta(filtering, { pageSize: 5, since: undefined })).toStrictEqual({ delta });
    expect(findDelta(filtering, undefined)).toStrictEqual({ delta });
  });

  it('names the options that stand in its way', () => {
    expect(findDelta(filtering, { until: 'x', since: 'y' })).toStrictEqual({ rivals: ['since', 'until'] });
    expect(findDelta(filtering, { until: 'x' })).toStrictEqual({ rivals: ['until'] });
  });

  it('finds nothing, and nothing in its way, where the vendor has none', () => {
    expect(findDelta(hosted as Vendor, { until: 'x' })).toStrictEqual({ rivals: [] });
  });
});
