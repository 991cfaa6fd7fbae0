import { type SimulatedVendorName, simulatedVendors } from '../../local/simulators/simulated-vendors.ts';
import type { FuzzTarget } from './fuzz-target.ts';

type Opener = () => Promise<FuzzTarget>;

const vendorTargets = Object.keys(simulatedVendors).map((name): [string, Opener] => [
  name,
  async () => (await import('./targets/vendor-answers.ts')).openVendorAnswers(name as SimulatedVendorName),
]);

/** What can be fuzzed, by name. */
export const fuzzTargets: ReadonlyMap<string, Opener> = new Map<string, Opener>([
  ...vendorTargets,
  ['headers', async () => (await import('./targets/headers.ts')).openHeaders()],
  ['cursors', async () => (await import('./targets/cursors.ts')).openCursors()],
  ['connections', async () => (await import('./targets/connection-files.ts')).openConnectionFiles()],
  ['events', async () => (await import('./targets/consumed-events.ts')).openConsumedEvents()],
  ['controls', async () => (await import('./targets/controls.ts')).openControls()],
  ['console', async () => (await import('./targets/console.ts')).openConsole()],
]);
