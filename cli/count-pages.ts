import type { Vendor } from '../src/vendors/vendor.ts';

/** The same vendors; what they list is told, page by page, as it arrives. */
export function countPages(vendors: readonly Vendor[], onPage: (users: number) => void): readonly Vendor[] {
  return vendors.map((vendor) => ({
    ...vendor,
    async fetchPage(ask, io) {
      const page = await vendor.fetchPage(ask, io);
      onPage(page.users.length);
      return page;
    },
  }));
}
