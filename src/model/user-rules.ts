/** Properties of a user that decide whether a connection is about him; each key that is given lists at least one value. */
export type UserRule = {
  readonly userTypes?: readonly string[];
  /** `vendorAttributes.accountType`. */
  readonly accountTypes?: readonly string[];
  /** What follows the `@`, without subdomains. One of the user's addresses is enough. */
  readonly emailDomains?: readonly string[];
  /** By id or by name. */
  readonly groups?: readonly string[];
};

/**
 * Which users of a list a connection is about. A user passes if no value of `exclude` matches and, where `include` is
 * given, at least one value of every key in it does.
 */
export type UserRules = { readonly include?: UserRule; readonly exclude?: UserRule };
