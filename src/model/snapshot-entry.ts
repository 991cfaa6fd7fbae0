import type { CanonicalUser } from './canonical-user.ts';
import type { UserId } from './ids.ts';
import type { Instant } from './instant.ts';

/**
 * Whether the snapshot counts a user as there. `reported_deleted`: still listed by the vendor, with status
 * `deleted`; not live. `gone`: no longer listed; the entry is a tombstone and has no pair in the index.
 */
export type Presence = 'live' | 'reported_deleted' | 'gone';

/** The last accepted state of one user. Changed only by applying log batches, and only forward. */
export type SnapshotEntry = {
  readonly userId: UserId;
  /** 16 hexadecimal digits. */
  readonly keyHash: string;
  /** Rises by one with every accepted change of this user, silent ones included; never reset. */
  readonly revision: number;
  readonly presence: Presence;
  /** For a tombstone the last known state. */
  readonly user: CanonicalUser;
  /** Digest of the projection, 16 hexadecimal digits. */
  readonly digest: string;
  readonly projectionVersion: string;
  readonly observedAt: Instant;
  /** When `user.deleted` was concluded; absent for live users and for those who left silently. */
  readonly deletedAt?: Instant;
};
