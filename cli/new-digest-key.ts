import { randomBytes } from 'node:crypto';

/** A key of its own for the digests of a new connection. */
export function newDigestKey(): string {
  return randomBytes(16).toString('hex');
}
