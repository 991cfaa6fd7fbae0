import type { ObservedUser } from './canonical-user.ts';
import type { Cursor, UserId } from './ids.ts';
import type { Instant } from './instant.ts';

/** A row that could not be read. Without an id it denies completeness; with one it blocks conclusions about that user only. */
export type RejectedUser = {
  readonly id?: UserId;
  /** Which field was wrong and how, e.g. `email: expected string`. Never a value of the row. */
  readonly reason: string;
};

/** What the vendor said on one page that proves or denies that the list is complete. */
export type PageEvidence = {
  /** The vendor's own count of the whole list, as this page states it. */
  readonly total?: number;
  /**
   * `hard`: complete only if the distinct ids equal it. `soft`: it may count somebody whom the list never shows, so
   * only a difference that is new speaks against the list.
   */
  readonly totalKind?: 'hard' | 'soft';
  /** Reasons of the vendor's why the list may be partial, e.g. `is_partial_response`. One denies completeness. */
  readonly vetoes?: readonly string[];
  /** Signs that the list moved while it was read, e.g. `overlap_moved`. One denies completeness, and the list is read once more. */
  readonly drift?: readonly string[];
};

/** One response of a vendor's list. */
export type Page = {
  readonly users: readonly ObservedUser[];
  readonly rejected: readonly RejectedUser[];
  /** Listed, but not among the users the connection is about; left out where it is about everybody. */
  readonly excluded?: readonly UserId[];
  /** `null` means that the vendor said "end", never that the page looked short. */
  readonly next: Cursor | null;
  readonly evidence: PageEvidence;
  /** Arrival of the response. */
  readonly observedAt: Instant;
  /** Tries the page took beyond the first; left out for none. */
  readonly retries?: number;
};
