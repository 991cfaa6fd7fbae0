import { createHash } from 'node:crypto';

/** A short name for a secret, the same for the same one, from which it cannot be told: for keys kept in memory. */
export function digestSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16);
}
