import type { CanonicalUser } from './canonical-user.ts';

/** A canonical field, or one attribute of `vendorAttributes`. */
export type FieldPath = Exclude<keyof CanonicalUser, 'id' | 'vendorAttributes'> | `vendorAttributes.${string}`;

/** One field that counts as a change. */
export type ProjectedField = {
  readonly path: FieldPath;
  /** Members of this set are the same when their ids are: a renamed group is not a change of every member. */
  readonly compareById?: true;
  /** The vendor blanks it now and then without meaning it: once known, its absence says nothing. */
  readonly keepWhenAbsent?: true;
  /** The options that shape its value, as text: with other ones it means something else, and the change is absorbed. */
  readonly shapedBy?: string;
  /** The `mappingVersion` in which the field got its present meaning; 1 when left out. */
  readonly since?: number;
};
