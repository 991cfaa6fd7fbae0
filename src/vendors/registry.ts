import { leen } from './leen/vendor.ts';
import { openproject } from './openproject/vendor.ts';
import type { Vendor } from './vendor.ts';

/** Every vendor this project polls. A new one is its folder and one line here. */
export const vendors: readonly Vendor[] = [leen, openproject];

export function findVendor(id: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.id === id);
}
