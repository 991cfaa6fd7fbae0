import type { FieldPath } from './projected-field.ts';

/** A field that can be taken out or hashed: a canonical one, one attribute of `vendorAttributes`. Never id or status. */
export type ProtectedField = FieldPath;

/** What is done to users before anything about them is stored, logged or published. */
export type Protection = {
  /** Taken out. */
  readonly redact: readonly ProtectedField[];
  /** Replaced by a keyed hash: equal values stay equal, and nothing else can be read from them. */
  readonly hash: readonly ProtectedField[];
};
