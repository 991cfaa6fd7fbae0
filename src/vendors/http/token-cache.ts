/** An access token and when it stops being good, in epoch milliseconds. */
export type AccessToken = { readonly value: string; readonly expiresAtMs: number };

/** Access tokens by connection, kept until shortly before they expire. */
export type TokenCache = {
  /** The cached token of `key`, or a new one from `fetchToken`. One fetch at a time a key. */
  get(key: string, fetchToken: () => Promise<AccessToken>): Promise<string>;
  /** Forgets a token the vendor refused. */
  drop(key: string): void;
};
