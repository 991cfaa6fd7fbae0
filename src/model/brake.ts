import type { ChangeType } from './change.ts';

/**
 * How many changes of one kind pass, in one sweep and in 24 hours together: `maxCount`, or `maxPercent` of the live
 * users where that is more, but never above `neverAbove`.
 */
export type BrakeRule = { readonly maxCount: number; readonly maxPercent: number; readonly neverAbove?: number };
export type BrakeRules = { readonly [Kind in ChangeType]: BrakeRule };

/** Deletions and status changes take access away from people: they pass only in small numbers. */
export const defaultBrakeRules: BrakeRules = {
  deleted: { maxCount: 25, maxPercent: 5, neverAbove: 500 },
  status_changed: { maxCount: 25, maxPercent: 5, neverAbove: 500 },
  updated: { maxCount: 100, maxPercent: 50 },
  created: { maxCount: 1000, maxPercent: 100 },
};
