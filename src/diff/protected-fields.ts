import type { CanonicalUser } from '../model/canonical-user.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { Protection } from '../model/protection.ts';

/** What is done to the values of a protected field. */
export type Mask = 'redact' | 'hash';

const neverProtected: ReadonlySet<string> = new Set(['id', 'status', 'rawStatus'] satisfies (keyof CanonicalUser)[]);

/** Fields that hold no text, or an instant: no hash has their shape, so they are taken out instead. */
const unhashable: ReadonlySet<string> = new Set([
  'emailVerified',
  'mfaEnabled',
  'createdAt',
  'updatedAt',
  'lastActiveAt',
  'lastLoginAt',
  'statusChangedAt',
  'activatedAt',
] satisfies (keyof CanonicalUser)[]);

/** What a protection does to each field, by path. A field that is to be redacted and hashed is redacted. */
export function protectedFields({ redact, hash }: Protection): ReadonlyMap<FieldPath, Mask> {
  const hashed = hash.map((path) => [path, unhashable.has(path) ? 'redact' : 'hash'] as const);
  const redacted = redact.map((path) => [path, 'redact'] as const);
  return new Map([...hashed, ...redacted].filter(([path]) => !neverProtected.has(path)));
}
