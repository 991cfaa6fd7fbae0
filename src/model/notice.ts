import type { ConnectionId } from './ids.ts';
import type { Instant } from './instant.ts';

/** After so many intervals without a complete sweep a connection is stale. */
export const staleAfterIntervals = 3;

/** What a notice says of a connection's health. */
export const noticeTypes = ['failing', 'stale', 'recovered'] as const;
export type NoticeType = (typeof noticeTypes)[number];

/** Why a connection is failing: the code of the last report's fault, or the rule that denied completeness. */
export type FailingReason = { readonly code: string };

/** What holds of a connection's health, with all its event says: fixed when it is first noticed, however often it is told. */
export type HealthFact = {
  /** When it was noticed: it names the event. */
  readonly since: Instant;
  readonly epoch: number;
  /** Start of the last complete sweep; absent where there was none. */
  readonly lastCompleteAt?: Instant;
};

/** What consumers are told of a connection's health, and what of it is on the bus. */
export type ConnectionNotice = {
  readonly connectionId: ConnectionId;
  readonly tenantId: string;
  readonly vendor: string;
  readonly failing?: HealthFact & { readonly reason: FailingReason; readonly failures: number };
  readonly stale?: HealthFact;
  /** When it was well again: the last notice before this one is forgotten. */
  readonly recovered?: HealthFact;
  /** What is not on the bus yet, or not known to be. */
  readonly pending: readonly NoticeType[];
  readonly revision: number;
};
