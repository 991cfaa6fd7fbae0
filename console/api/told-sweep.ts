import type { ToldFact } from './told-fact.ts';

/** A sweep: what it saw, what that proved, and what came of it. */
export type ToldSweep = {
  readonly sweepId: string;
  readonly mode: string;
  readonly outcome: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Live users that the list showed. */
  readonly seen: number;
  readonly created: number;
  readonly updated: number;
  readonly statusChanged: number;
  readonly deleted: number;
  readonly held: number;
  readonly missing: number;
  /** The evidence in words. */
  readonly facts: readonly ToldFact[];
};

/** Sweeps of a connection, the newest first. */
export type ToldSweeps = { readonly sweeps: readonly ToldSweep[] };
