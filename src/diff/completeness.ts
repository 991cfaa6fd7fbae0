import type { SweepMode } from '../model/log-batch.ts';

/** What a sweep has gathered about its own completeness. Counts are over the whole list. */
export type SweepEvidence = {
  readonly pages: number;
  /** Whether the vendor itself said "end". */
  readonly endedByVendor: boolean;
  /** The fault that ended the list early. */
  readonly failure?: { readonly code: string; readonly message: string };
  readonly vetoes: readonly string[];
  /** Signs that the list moved while it was read. */
  readonly drift: readonly string[];
  readonly firstTotal?: number;
  readonly lastTotal?: number;
  readonly totalKind?: 'hard' | 'soft';
  readonly totalMoved: boolean;
  /** By how much a soft total differed from the users shown, in the sweep before. */
  readonly usualGap?: number;
  readonly distinctUsers: number;
  /** Users the list showed beyond these, whom the connection is not about; left out for none. */
  readonly excludedUsers?: number;
  readonly duplicates: number;
  readonly rejectedWithId: number;
  readonly rejectedWithoutId: number;
  readonly retries: number;
  /** How many times the list was walked: once more after drift. */
  readonly walks: number;
  /** Live users known before, and how many of them the list did not show. */
  readonly liveBefore: number;
  readonly unseen: number;
};

/** Why a list does not count as complete. */
export type CompletenessRule =
  | 'no_end_signal'
  | 'vetoed'
  | 'row_without_id'
  | 'list_moved'
  | 'total_moved'
  | 'total_differs';

/**
 * The rules that deny completeness; none means complete. A delta shows some users only: totals and moving pages say
 * nothing about it.
 */
export function denyCompleteness(evidence: SweepEvidence, mode: SweepMode = 'full'): readonly CompletenessRule[] {
  const checks: readonly (readonly [CompletenessRule, boolean])[] = [
    ['no_end_signal', !evidence.endedByVendor || evidence.failure !== undefined],
    ['vetoed', evidence.vetoes.length > 0],
    ['row_without_id', evidence.rejectedWithoutId > 0],
    ['list_moved', evidence.drift.length > 0],
    ['total_moved', evidence.totalMoved],
    ['total_differs', totalDiffers(evidence)],
  ];
  return checks.filter(([rule, denies]) => denies && (mode === 'full' || !driftRules.has(rule))).map(([rule]) => rule);
}

const driftRules: ReadonlySet<CompletenessRule> = new Set(['list_moved', 'total_moved', 'total_differs']);

/** Whether another walk of the same list may help: somebody came or went while it was read. */
export function isDrift(denied: readonly CompletenessRule[]): boolean {
  return denied.length > 0 && denied.every((rule) => driftRules.has(rule));
}

/** By how much the vendor's own total differs from the users it showed; 0 where it states none. */
export function totalGap({ lastTotal, distinctUsers, excludedUsers = 0 }: SweepEvidence): number {
  return lastTotal === undefined ? 0 : lastTotal - distinctUsers - excludedUsers;
}

/** A soft total may count somebody whom the list never shows: a gap that was there before is no news. */
function totalDiffers(evidence: SweepEvidence): boolean {
  const gap = totalGap(evidence);
  return gap !== 0 && (evidence.totalKind === 'hard' || gap !== evidence.usualGap);
}
