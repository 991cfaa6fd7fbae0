import type { Bench } from './bench.ts';
import { bundles } from './bundles.ts';
import { pollingBill } from './polling-bill.ts';

/** All there are, in the order in which they run and are listed. */
export const benches: readonly Bench[] = [bundles, pollingBill];
