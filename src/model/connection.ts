import type { ConnectionId } from './ids.ts';
import type { UserRules } from './user-rules.ts';

/** Where a secret is kept. `env` and `file` serve the embedded runtime only. */
export type SecretReference =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly ssm: string }
  | { readonly secretsManager: string; readonly field?: string };

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
  readonly baseline: 'silent' | 'emit';
  readonly deletion: { readonly confirmSweeps: number };
  /** Fields that do not count as a change, by their path, e.g. `title` or `vendorAttributes.admin`. */
  readonly ignoredFields: readonly string[];
  readonly emitSweepCompleted: boolean;
  /** Which of the listed users it is about; everybody where it is left out. */
  readonly users?: UserRules;
  /** The most requests that may be sent, beside the vendor's own limits. */
  readonly requestBudget?: { readonly requests: number; readonly perMs: number };
  /** The vendor's own options, as its schema left them. */
  readonly options: unknown;
};
