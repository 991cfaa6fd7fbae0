import type * as z from 'zod/mini';
import type { ObservedUser } from '../../model/canonical-user.ts';
import { type UserId, userId } from '../../model/ids.ts';
import type { RejectedUser } from '../../model/page.ts';
import { acceptorOf } from './acceptor.ts';
import { describeIssue } from './describe-issue.ts';

/** The longest id that can be stored. A row with a longer one counts as a row without. */
const maxIdLength = 512;

export type RowReader<Row> = {
  /** Fields that it does not name may reach `toUser` all the same. */
  readonly schema: z.ZodMiniType<Row>;
  /** Pure and total: whatever the schema let through becomes a user. */
  readonly toUser: (row: Row, id: UserId) => ObservedUser;
};

/** Reads the rows of a page one by one: a row of the wrong form is rejected, the others stay. Keeps their order. */
export function readRows<Row>(
  rows: readonly unknown[],
  { schema, toUser }: RowReader<Row>,
): { readonly users: readonly ObservedUser[]; readonly rejected: readonly RejectedUser[] } {
  const users: ObservedUser[] = [];
  const rejected: RejectedUser[] = [];
  const accepts = acceptorOf(schema);
  for (const row of rows) {
    const id = readId(row);
    if (typeof id === 'object') {
      rejected.push(id);
      continue;
    }
    if (accepts(row)) {
      users.push(toUser(row as Row, id));
      continue;
    }
    const parsed = schema.safeParse(row);
    if (parsed.success) users.push(toUser(parsed.data, id));
    else rejected.push({ id, reason: describeIssue(parsed.error) });
  }
  return { users, rejected };
}

/** A vendor's id as text. A number beyond 2^53 has lost digits on the way and could be somebody else's. */
function readId(row: unknown): UserId | RejectedUser {
  if (typeof row !== 'object' || row === null) return { reason: 'expected an object' };
  const { id } = row as { readonly id?: unknown };
  if (Number.isSafeInteger(id)) return userId(String(id));
  if (typeof id !== 'string' || id === '') return { reason: 'id: expected a text or a whole number' };
  if (id.length > maxIdLength) return { reason: `id: expected at most ${maxIdLength} characters` };
  // Half of a surrogate pair is stored as a replacement character, and two such ids would become one.
  return id.isWellFormed() ? userId(id) : { reason: 'id: expected well-formed text' };
}
