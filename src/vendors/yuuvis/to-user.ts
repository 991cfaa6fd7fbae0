import type { ObservedUser, Reference, Status } from '../../model/canonical-user.ts';
import type { UserId } from '../../model/ids.ts';
import { type Instant, instant, readInstant } from '../../model/instant.ts';
import type { ProjectedField } from '../../model/projected-field.ts';
import { dropAbsent, presentList, presentText } from '../http/drop-absent.ts';
import type { YuuvisUser } from './wire.ts';

/** The most that a `Date` can hold. Source: ECMA-262, "Time Values and Time Range". */
const maxEpochMs = 8_640_000_000_000_000;

/**
 * What counts as a change: all of a user but `createdAt`, whose form the documents leave open. User names are
 * mutable: the vendor recommends to disable and rename whoever leaves, so that the name can be given to someone new.
 *
 * Source: yuuvisdevelop.atlassian.net/wiki, diffpages 320129567↔320129124 and 320063065↔320063415.
 */
export const yuuvisProjection: readonly ProjectedField[] = [
  { path: 'userName' },
  { path: 'givenName' },
  { path: 'familyName' },
  { path: 'emails' },
  { path: 'status' },
  { path: 'rawStatus' },
  { path: 'roles' },
  { path: 'groups' },
];

/**
 * A user of yuuvis' in canonical form, without the roles that match a pattern. `roles` includes what groups pass on.
 *
 * `rawStatus` is `enabled` or `disabled`: the vendor has a flag and no word for it.
 */
export function toUser(row: YuuvisUser, id: UserId, excludedRoles: readonly string[]): ObservedUser {
  const email = presentText(row.email);
  const roles = namesOf(row.roles).filter((name) => !excludedRoles.some((pattern) => matches(name, pattern)));
  return dropAbsent({
    id,
    userName: presentText(row.username),
    givenName: presentText(row.firstName),
    familyName: presentText(row.lastName),
    emails: email === undefined ? undefined : [{ value: email }],
    ...readStatus(row.enabled),
    roles: presentList(roles.map(toReference)),
    groups: presentList(namesOf(row.groups).map(toReference)),
    createdAt: readCreatedTimestamp(row.createdTimestamp),
  });
}

function readStatus(enabled: YuuvisUser['enabled']): { readonly status?: Status; readonly rawStatus?: string } {
  if (enabled === true) return { status: 'active', rawStatus: 'enabled' };
  if (enabled === false) return { status: 'inactive', rawStatus: 'disabled' };
  const word = presentText(enabled);
  return word === undefined ? {} : { status: 'unknown', rawStatus: word };
}

function readCreatedTimestamp(timestamp: YuuvisUser['createdTimestamp']): Instant | undefined {
  if (typeof timestamp !== 'number') return readInstant(timestamp);
  return Math.abs(timestamp) <= maxEpochMs ? instant(timestamp) : undefined;
}

/** A name, or its beginning where the pattern ends in `*`. */
function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function namesOf(names: YuuvisUser['roles']): readonly string[] {
  const present = new Set<string>();
  for (const name of names ?? []) if (name) present.add(name);
  return [...present];
}

function toReference(name: string): Reference {
  return { name };
}
