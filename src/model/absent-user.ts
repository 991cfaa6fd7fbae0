import type { SweepId, UserId } from './ids.ts';
import type { Instant } from './instant.ts';

/** A known user whom the last complete sweeps did not list. */
export type AbsentUser = {
  /** 16 hexadecimal digits: his pair in the index. */
  readonly keyHash: string;
  /** Only where two users share the key hash. */
  readonly userId?: UserId;
  /** In how many complete sweeps in a row, this one included. */
  readonly missedSweeps: number;
  /** Start of the last complete sweep that listed him, where one is known. */
  readonly lastSeenAt?: Instant;
};

/** Where a connection's absent list is kept: in so many chunks, named by the complete sweep that wrote it. */
export type AbsentListReference = { readonly sweepId: SweepId; readonly count: number; readonly chunks: number };
