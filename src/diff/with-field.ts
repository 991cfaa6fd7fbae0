import type { CanonicalUser } from '../model/canonical-user.ts';
import type { FieldPath } from '../model/projected-field.ts';
import { vendorAttributeName } from './projection.ts';

/** The user with another value at a path. */
export function withField(user: CanonicalUser, path: FieldPath, value: unknown): CanonicalUser {
  const attribute = vendorAttributeName(path);
  if (attribute === undefined) return { ...user, [path]: value };
  return { ...user, vendorAttributes: { ...user.vendorAttributes, [attribute]: value as never } };
}
