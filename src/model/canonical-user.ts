import type { UserId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';

/** Every status a canonical user can have. A raw value nobody has seen becomes `unknown`, never an exception. */
export const statuses = ['active', 'invited', 'pending', 'inactive', 'suspended', 'deleted', 'unknown'] as const;
export type Status = (typeof statuses)[number];

export type Email = { readonly value: string; readonly type?: string; readonly primary?: boolean };
export type Phone = { readonly value: string; readonly type?: string; readonly extension?: string };
export type Role = { readonly id?: string; readonly name?: string; readonly scope?: JsonObject };
export type Reference = { readonly id?: string; readonly name?: string };
export type Url = { readonly value: string; readonly type?: string };

/**
 * One shape of a user for all vendors, in SCIM's words where SCIM has one.
 *
 * Absent is absent: no `null`, no `""`, no empty array. Arrays are sets: their order means nothing.
 */
export type CanonicalUser = {
  readonly id: UserId;
  readonly userName?: string;
  readonly displayName?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly title?: string;
  readonly emails?: readonly Email[];
  readonly phones?: readonly Phone[];
  readonly status: Status;
  /** The vendor's own word, verbatim. Absent where the vendor gave none. */
  readonly rawStatus?: string;
  readonly userType?: string;
  readonly roles?: readonly Role[];
  readonly groups?: readonly Reference[];
  readonly organizations?: readonly Reference[];
  readonly workspaces?: readonly Reference[];
  readonly licenses?: readonly Reference[];
  readonly externalId?: string;
  readonly identifiers?: JsonObject;
  readonly emailVerified?: boolean;
  readonly mfaEnabled?: boolean;
  readonly language?: string;
  readonly languages?: readonly string[];
  readonly timezone?: string;
  readonly avatar?: string;
  readonly bio?: string;
  readonly urls?: readonly Url[];
  readonly createdAt?: Instant;
  readonly updatedAt?: Instant;
  readonly lastActiveAt?: Instant;
  readonly lastLoginAt?: Instant;
  readonly statusChangedAt?: Instant;
  readonly activatedAt?: Instant;
  /** What only one vendor has, by its canonical name (camelCase). */
  readonly vendorAttributes?: { readonly [name: string]: Json };
};

/**
 * A user as one page shows him. A status that is missing (a lost permission, say) says nothing,
 * unlike one that is `unknown`: the status accepted before is kept.
 */
export type ObservedUser = Omit<CanonicalUser, 'status'> & { readonly status?: Status };
