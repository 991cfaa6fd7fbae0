import { createHash } from 'node:crypto';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { userId } from '../../src/model/ids.ts';

/** A list as a vendor shows it, of users of about so many bytes of JSON. */
export function listUsers(count: number, bytes: number): readonly ObservedUser[] {
  return Array.from({ length: count }, (_, n) => ({
    id: userId(String(100_000 + n)),
    displayName: `User ${n}`,
    title: `Title ${n} `.padEnd(Math.max(8, bytes - 120), 'x'),
    emails: [{ value: `user.${n}@example.com` }],
    status: 'active',
    rawStatus: 'active',
  }));
}

/** The users of a list, some of them with another name. */
export function changeUsers(users: readonly ObservedUser[], count: number, round: number): readonly ObservedUser[] {
  return users.map((user, n) => (n < count ? { ...user, displayName: `User ${n} of round ${round}` } : user));
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
