import { delay } from './delay/vendor.ts';
import { leen } from './leen/vendor.ts';
import { openproject } from './openproject/vendor.ts';
import { truto } from './truto/vendor.ts';
import type { Vendor } from './vendor.ts';
import { yuuvis } from './yuuvis/vendor.ts';

/** Every vendor this project polls. A new one is its folder and one line here. */
export const vendors: readonly Vendor[] = [leen, openproject, yuuvis, truto, delay];

export function findVendor(id: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.id === id);
}
