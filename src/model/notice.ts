import type { ConnectionId } from './ids.ts';
import type { Instant } from './instant.ts';

/** After so many intervals without a complete sweep a connection is stale. */
export const staleAfterIntervals = 3;

/** What a notice says of a connection's health. */
export const noticeTypes = ['failing', 'stale', 'recovered'] as const;
export type NoticeType = (typeof noticeTypes)[number];

/** Why a connection is failing: the code of the last report's fault, or the rule that denied completeness. */
export type FailingReason = { readonly code: string };

/**
 * What consumers are told of a connection's health, and what of it is on the bus. `since` is fixed when a fact is first
 * noticed: it names the event, however often that is published.
 */
export type ConnectionNotice = {
  readonly connectionId: ConnectionId;
  readonly tenantId: string;
  readonly vendor: string;
  readonly epoch: number;
  readonly failing?: { readonly since: Instant; readonly reason: FailingReason; readonly failures: number };
  readonly stale?: { readonly since: Instant };
  /** When it was well again: the last notice before this one is forgotten. */
  readonly recovered?: { readonly since: Instant };
  /** Start of the last complete sweep; absent where there was none. */
  readonly lastCompleteAt?: Instant;
  /** What is not on the bus yet, or not known to be. */
  readonly pending: readonly NoticeType[];
  readonly revision: number;
};
