import type { BrakeRules } from './brake.ts';
import type { ConnectionId } from './ids.ts';
import type { Protection } from './protection.ts';
import type { UserRules } from './user-rules.ts';

/** Where a secret is kept. `env` and `file` serve the embedded runtime only. */
export type SecretReference =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly ssm: string }
  | { readonly secretsManager: string; readonly field?: string };

/** What it takes until somebody who is no longer listed counts as gone. */
export type DeletionRules = {
  /** In how many complete sweeps in a row he must be absent. */
  readonly confirmSweeps: number;
  /** Whether the vendor is asked about him, where its answer proves something. */
  readonly probe: boolean;
  /** Users asked about in one sweep, at most. */
  readonly maxProbes: number;
};

/** When a connection is not to be swept: from one time of day to another, on these days; past midnight where `to` is earlier. */
export type MaintenanceWindow = {
  /** The days it begins on; every day where it is left out. */
  readonly days?: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  /** An IANA name, e.g. `Europe/Berlin`; UTC where it is left out. */
  readonly timezone?: string;
};
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * One tenant's settings at one vendor, as configured, validated and with every default filled in.
 * Written by `ucf`, never by a sweep.
 */
export type Connection = {
  readonly id: ConnectionId;
  /** A vendor id of the registry. */
  readonly vendor: string;
  readonly tenantId: string;
  /** What stands before the vendor's document path, without a trailing slash. */
  readonly baseUrl: string;
  /** Names the directory where base address and account do not, e.g. after a move to another host. */
  readonly directoryId?: string;
  readonly credentials: { readonly [name: string]: SecretReference };
  readonly everySeconds: number;
  /** How often only what changed is asked for, where the vendor can be asked. */
  readonly deltaEverySeconds?: number;
  readonly baseline: 'silent' | 'emit';
  readonly deletion: DeletionRules;
  readonly brake: BrakeRules;
  /** Fields that do not count as a change, by their path, e.g. `title` or `vendorAttributes.admin`. */
  readonly ignoredFields: readonly string[];
  readonly protection: Protection;
  /** `thin`: events tell what changed, but no values. */
  readonly payload: 'full' | 'thin';
  readonly emitSweepCompleted: boolean;
  /** Which of the listed users it is about; everybody where it is left out. */
  readonly users?: UserRules;
  /** The most requests that may be sent, beside the vendor's own limits. */
  readonly requestBudget?: { readonly requests: number; readonly perMs: number };
  /** Not swept until an operator resumes it; whatever is known of it stays. */
  readonly paused?: true;
  /** When it is not swept. */
  readonly maintenance?: readonly MaintenanceWindow[];
  /** The vendor's own options, as its schema left them. */
  readonly options: unknown;
};
