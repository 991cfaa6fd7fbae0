import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import type { Environment } from '../../src/config/environment.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';

/** What the feed under soak is told, in this order. Its first sweeps are no part of what is counted. */
export type ToFeed =
  | { readonly kind: 'start'; readonly connections: string; readonly environment: Environment }
  | { readonly kind: 'count' }
  /** Sweeps everything so many times, one after the other, and publishes it. */
  | { readonly kind: 'settle'; readonly sweeps: number }
  | { readonly kind: 'stop' };

/** What it tells. */
export type FromFeed =
  | { readonly kind: 'ready' }
  | { readonly kind: 'event'; readonly event: BusEvent; readonly atMs: number }
  | { readonly kind: 'report'; readonly report: SweepReport }
  | { readonly kind: 'fault'; readonly where: string; readonly message: string }
  | { readonly kind: 'memory'; readonly memory: MemoryLook }
  | { readonly kind: 'counted'; readonly use: TableUse }
  | { readonly kind: 'settled' };

/** After a collection of garbage. */
export type MemoryLook = { readonly atMs: number; readonly heapBytes: number; readonly rssBytes: number };

/** Units of the table between `count` and `settle`, with how often it was asked who is due, and for messages of the queue. */
export type TableUse = {
  readonly reads: number;
  readonly writes: number;
  readonly dispatches: number;
};
