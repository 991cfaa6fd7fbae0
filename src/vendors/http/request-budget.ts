/**
 * At most so many requests in any stretch of so many milliseconds, shared by all requests that name the same key in
 * this process. The key may be built from a secret, so it is never logged.
 */
export type RequestBudget = { readonly key: string; readonly requests: number; readonly perMs: number };

/** The budgets of all requests of this process. */
export type RequestBudgets = {
  /**
   * Resolves with `taken` when each budget has room, and counts the request. Nobody waits longer because of somebody
   * who came later. `too_late`: there is no room until the deadline, and nothing was counted.
   */
  take(budgets: readonly RequestBudget[], deadlineMs?: number): Promise<'taken' | 'too_late'>;
};
