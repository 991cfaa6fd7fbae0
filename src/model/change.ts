import type { Status } from './canonical-user.ts';
import type { Instant } from './instant.ts';
import type { FieldPath } from './projected-field.ts';

/** What can happen to a user, from the most to the least specific. */
export const changeTypes = ['deleted', 'created', 'status_changed', 'updated'] as const;
export type ChangeType = (typeof changeTypes)[number];

export type StatusChange = {
  readonly from?: Status;
  readonly to: Status;
  readonly rawFrom?: string;
  readonly rawTo?: string;
};

/** Why an event comes about: a change as it happened, the first list, or a list that was cut differently. */
export type Origin = 'live' | 'baseline' | 'repair' | 'resync' | 'replay';

/** Why a change was concluded. */
export type Reason =
  | { readonly code: 'appeared' | 'reappeared' | 'fields_changed' | 'status_changed' | 'vendor_reported' | 'baseline' }
  | {
      /**
       * `not_found_by_probe`: absent from a complete sweep, and the vendor does not find him, but does find somebody
       * else. `left_scope`: he may still be there, but not among the users the connection is about.
       */
      readonly code: 'absent_from_complete_sweeps' | 'not_found_by_probe' | 'left_scope';
      readonly evidence: { readonly missedSweeps: number; readonly lastSeenAt?: Instant };
    };

/** Polling knows an interval only: the change happened after `notBefore` (where known) and by `notAfter`. */
export type ChangeWindow = { readonly notBefore?: Instant; readonly notAfter: Instant };

/** The values that changed: `before` holds the old values, the accepted user the new ones. */
export type UserDiff = {
  readonly changedFields: readonly FieldPath[];
  /** In the shape of a canonical user, with the changed fields only. */
  readonly before: { readonly [field: string]: unknown };
  readonly status?: StatusChange;
};
