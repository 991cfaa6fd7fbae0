import { simulatedDelay } from './delay/simulated-delay.ts';
import { simulatedLeen } from './leen/simulated-leen.ts';
import { simulatedOpenProject } from './openproject/simulated-openproject.ts';
import type { SimulatedVendor } from './simulated-vendor.ts';
import { simulatedTruto } from './truto/simulated-truto.ts';
import { simulatedYuuvis } from './yuuvis/simulated-yuuvis.ts';

export const simulatedVendors = {
  leen: simulatedLeen,
  openproject: simulatedOpenProject,
  yuuvis: simulatedYuuvis,
  truto: simulatedTruto,
  delay: simulatedDelay,
} as const satisfies Record<string, SimulatedVendor>;

export type SimulatedVendorName = keyof typeof simulatedVendors;

export function findSimulatedVendor(name: string): SimulatedVendor {
  if (Object.hasOwn(simulatedVendors, name)) return simulatedVendors[name as SimulatedVendorName];
  throw new Error(`no simulator for ${name}, but for: ${Object.keys(simulatedVendors).join(' ')}`);
}
