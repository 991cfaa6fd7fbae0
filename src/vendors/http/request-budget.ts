/**
 * At most so many requests in any stretch of so many milliseconds, shared by all requests that name the same key in
 * this process. The key may be built from a secret, so it is never logged.
 */
export type RequestBudget = { readonly key: string; readonly requests: number; readonly perMs: number };
