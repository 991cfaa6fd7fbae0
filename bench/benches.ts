import { alternatives } from './alternatives.ts';
import type { Bench } from './bench.ts';
import { bundles } from './bundles.ts';
import { cpu } from './cpu.ts';
import { growth } from './growth.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { pollingBill } from './polling-bill.ts';
import { scale } from './scale.ts';
import { sweepCosts } from './sweep-costs.ts';
import { throughput } from './throughput.ts';
import { waiting } from './waiting.ts';

/** All there are, in the order in which they run and are listed. */
export const benches: readonly Bench[] = [
  bundles,
  pollingBill,
  sweepCosts,
  throughput,
  growth,
  alternatives,
  cpu,
  memory,
  latency,
  waiting,
  // It goes by what the others have measured.
  scale,
];
