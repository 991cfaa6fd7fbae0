import { describe, expect, it } from 'vitest';
import { vendors } from '../../src/vendors/registry.ts';
import { idsOf, openVendor, walk } from './vendor-under-test.ts';

const addressable = vendors.filter(({ pageAt }) => pageAt !== undefined);

describe.each(addressable.map((vendor) => [vendor.id, vendor] as const))(
  'pages of %s that are fetched ahead',
  (_, vendor) => {
    it('are asked for once each, and show everybody once', async () => {
      const tested = await openVendor(vendor, 40);
      const before = tested.simulator.requests;

      const pages = await walk(tested.list({ pageSize: 10 }));
      const requests = tested.simulator.requests - before;
      await tested.close();

      expect(new Set(idsOf(pages)).size).toBe(40);
      // A page foreseen in vain, after the end or beside it, would be a request more than there are pages.
      expect(requests - pages.length).toBeLessThanOrEqual(1);
    });

    it('keep the signs that the list has moved', async () => {
      const tested = await openVendor(vendor, 40);
      await tested.sweep({ pageSize: 10 });
      tested.simulator.traps.arm('removeWhileListing', { times: 1 });

      const { report, news } = await tested.sweep({ pageSize: 10, entry: { deletion: { probe: false } } });
      await tested.close();

      expect(news).toStrictEqual([]);
      expect(tested.simulator.traps.fired.removeWhileListing).toBe(1);
      expect(report.evidence.walks === 2 || report.counts.missing <= 1).toBe(true);
    });
  },
);
