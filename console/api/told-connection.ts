import type { ToldFact } from './told-fact.ts';

/** How a connection stands, from the worst to the best. */
export type Health = 'failing' | 'stale' | 'held' | 'waiting' | 'paused' | 'fresh';

/** What was published in one hour, by kind. */
export type ToldHour = {
  readonly hour: string;
  readonly created: number;
  readonly updated: number;
  readonly status_changed: number;
  readonly deleted: number;
};

/** A connection and its standing. Neither a credential nor the place of one is in it. */
export type ToldConnection = {
  readonly id: string;
  readonly vendor: string;
  readonly tenant: string;
  readonly every: string;
  readonly users: number;
  readonly missing: number;
  readonly lastCompleteAt?: string;
  readonly nextDueAt?: string;
  readonly openHolds: number;
  readonly events: number;
  readonly health: Health;
  /** What is wrong, and what to do about it. */
  readonly findings: readonly { readonly message: string; readonly remedy: string }[];
  /** Of the last day, oldest first; hours without a change are left out. */
  readonly recent: readonly ToldHour[];
};

/** Some connections, by id. `next` is the id behind which the next page begins. */
export type ToldConnections = {
  readonly connections: readonly ToldConnection[];
  readonly next?: string;
  readonly now: string;
};

/** A connection with its settings. */
export type ToldConnectionDetail = {
  readonly connection: ToldConnection;
  readonly settings: readonly ToldFact[];
  readonly now: string;
};
