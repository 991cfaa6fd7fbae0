// Generated from the registry of vendors by `npm run docs`.

/** The vendors that events can come from. */
export const knownVendors = ['leen', 'openproject', 'yuuvis', 'truto', 'delay'] as const;
export type KnownVendor = (typeof knownVendors)[number];
