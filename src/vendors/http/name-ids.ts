import { createHash } from 'node:crypto';

/** A short name for a set of ids, the same in whatever order: a cursor keeps it to tell whether a page came before. */
export function nameIds(ids: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...ids].sort()))
    .digest('base64url')
    .slice(0, 22);
}
