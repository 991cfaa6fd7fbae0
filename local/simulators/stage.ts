import type { VendorServer, World } from './simulated-vendor.ts';

/** One simulator while it is up. */
export type Stage = {
  readonly world: World;
  readonly server: VendorServer;
  /** The simulator's own origin, known once it listens. */
  readonly origin: () => string;
  readonly counts: { requests: number; elsewhere: number; elsewhereWithCredentials: number };
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
};
