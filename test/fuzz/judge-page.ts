import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { createProjection, projectionText } from '../../src/diff/projection.ts';
import { canonicalUserSchema } from '../../src/events/canonical-user-schema.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { Page } from '../../src/model/page.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { Broken } from './fuzz-target.ts';
import { refuseMarks, shapeOf } from './oracles.ts';

/** Whatever a vendor's own objects hold: there null and nothing may mean something. */
const freeFields = ['identifiers', 'vendorAttributes', 'roles'];

/** What kind of page it is, in a few words. @throws Broken where it is no page as the sweep needs it */
export function judgePage(page: Page, { projection }: Pick<UserList, 'projection'>): string {
  const { users, rejected, next, evidence } = page;
  if (next !== null && typeof next !== 'string') throw new Broken('cursor', `a cursor of the type ${typeof next}`);
  const projected = createProjection(projection, [], () => '1');
  for (const user of users) {
    judgeUser(user);
    projectionText(user, projected);
  }
  for (const { id, reason } of rejected) {
    if (id === '') throw new Broken('rejected_id', 'a rejected row with an empty id');
    refuseMarks(reason);
  }
  const statuses = [...new Set(users.map(({ status }) => status))].toSorted();
  const reasons = [...new Set(rejected.map(({ reason }) => shapeOf(reason)))].toSorted().slice(0, 3);
  const fields = [...new Set(users.flatMap((user) => Object.keys(user)))].length;
  return `${statuses} ${reasons} ${evidence.vetoes ?? ''} ${Object.keys(evidence)} ${next === null} ${fields > 12}`;
}

function judgeUser(user: ObservedUser): void {
  const { id } = user;
  if (typeof id !== 'string' || id === '' || !id.isWellFormed()) throw new Broken('user_id', JSON.stringify(id));
  const read = z.safeParse(canonicalUserSchema, { status: 'unknown', ...user });
  if (!read.success) throw new Broken('canonical_user', JSON.stringify(read.error.issues.slice(0, 2)));
  const text = JSON.stringify(user);
  if (!isDeepStrictEqual(JSON.parse(text), { ...user })) throw new Broken('canonical_json', text.slice(0, 300));
  for (const [field, value] of Object.entries(user))
    if (!freeFields.includes(field) && isEmptySomewhere(value))
      throw new Broken('absent_is_absent', `${field}: ${JSON.stringify(value)}`);
}

function isEmptySomewhere(value: unknown): boolean {
  if (value === null || value === '' || value === undefined) return true;
  if (typeof value !== 'object') return false;
  const members = Object.values(value);
  return members.length === 0 || members.some(isEmptySomewhere);
}
