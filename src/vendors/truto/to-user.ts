import type { ObservedUser, Reference, Role } from '../../model/canonical-user.ts';
import type { UserId } from '../../model/ids.ts';
import { readInstant } from '../../model/instant.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ProjectedField } from '../../model/projected-field.ts';
import { dropAbsent, presentList, presentObject, presentText } from '../http/drop-absent.ts';
import { lookUpStatus, type StatusTable } from '../http/look-up-status.ts';
import type { TrutoUser } from './wire.ts';

/**
 * By the word in lower case: whatever has no clear mapping comes in the back end's own spelling. `created` is listed for
 * the filter only, but nothing keeps a back end from it.
 *
 * Source: truto.one/docs/api-reference/unified-user-directory-api/users/list (stored copy, 2026-11).
 */
const statuses: StatusTable = {
  active: 'active',
  invited: 'invited',
  created: 'pending',
  inactive: 'inactive',
  deleted: 'deleted',
};

/**
 * What counts as a change, by the field it comes from. Not the times of logins, activity and writing, nor the avatar,
 * whose address is signed and expires. Memberships are compared by id: names change for everybody at once.
 */
const tracked: { readonly [Field in keyof TrutoUser]?: readonly ProjectedField[] } = {
  name: [{ path: 'displayName' }],
  first_name: [{ path: 'givenName' }],
  last_name: [{ path: 'familyName' }],
  title: [{ path: 'title' }],
  username: [{ path: 'userName' }],
  emails: [{ path: 'emails' }],
  phones: [{ path: 'phones' }],
  status: [{ path: 'status' }, { path: 'rawStatus' }],
  user_type: [{ path: 'userType' }],
  external_id: [{ path: 'externalId' }],
  identifiers: [{ path: 'identifiers' }],
  is_email_verified: [{ path: 'emailVerified' }],
  is_2fa_enabled: [{ path: 'mfaEnabled' }],
  roles: [{ path: 'roles', compareById: true }],
  groups: [{ path: 'groups', compareById: true }],
  organizations: [{ path: 'organizations', compareById: true }],
  workspaces: [{ path: 'workspaces', compareById: true }],
  licenses: [{ path: 'licenses', compareById: true }],
  timezone: [{ path: 'timezone' }],
  languages: [{ path: 'languages' }],
  bio: [{ path: 'bio' }],
  urls: [{ path: 'urls' }],
};
export const trutoProjection: readonly ProjectedField[] = Object.values(tracked).flat();

/** The projection where some fields are not sent: they do not count, so that they may come back without a flood. */
export function projectWithout(excluded: readonly string[]): readonly ProjectedField[] {
  return Object.entries(tracked).flatMap(([field, projected]) => (excluded.includes(field) ? [] : projected));
}

/** What of a user does not arrive. */
export const trutoLeftOut: { readonly [field: string]: string } = {
  'groups[].organization': 'it describes the group, not the user',
  'licenses[].organization': 'it describes the licence, not the user',
  'licenses[].last_active_at': 'it moves whenever the user does something',
  'remote_data.*': 'the back end’s own record, of any form, which may hold what nobody asked for',
};

/** A user of Truto's in canonical form. */
export function toUser(row: TrutoUser, id: UserId): ObservedUser {
  const rawStatus = readKey(row.status);
  return dropAbsent({
    id,
    userName: presentText(row.username),
    displayName: presentText(row.name),
    givenName: presentText(row.first_name),
    familyName: presentText(row.last_name),
    title: presentText(row.title),
    emails: mapPresent(row.emails, ({ email, type, is_primary }) =>
      withValue(presentText(email), { type: presentText(type), primary: is_primary ?? undefined }),
    ),
    phones: mapPresent(row.phones, ({ number, type, extension }) =>
      withValue(readKey(number), { type: presentText(type), extension: readKey(extension) }),
    ),
    status: rawStatus === undefined ? undefined : lookUpStatus(statuses, rawStatus.toLowerCase()),
    rawStatus,
    userType: presentText(row.user_type),
    roles: mapPresent(row.roles, toRole),
    groups: mapPresent(row.groups, toReference),
    organizations: mapPresent(row.organizations, toReference),
    workspaces: mapPresent(row.workspaces, toReference),
    licenses: mapPresent(row.licenses, toReference),
    externalId: readKey(row.external_id),
    identifiers: readIdentifiers(row.identifiers),
    emailVerified: row.is_email_verified ?? undefined,
    mfaEnabled: row.is_2fa_enabled ?? undefined,
    languages: mapPresent(row.languages, presentText),
    timezone: presentText(row.timezone),
    avatar: presentText(row.avatar),
    bio: presentText(row.bio),
    urls: mapPresent(row.urls, ({ url, type }) => withValue(presentText(url), { type: presentText(type) })),
    createdAt: readInstant(row.created_at),
    updatedAt: readInstant(row.updated_at),
    lastActiveAt: readInstant(row.last_active_at),
    lastLoginAt: readInstant(row.last_login_at),
    statusChangedAt: readInstant(row.status_changed_at),
    activatedAt: readInstant(row.activated_at),
  });
}

function readKey(key: string | number | boolean | null | undefined): string | undefined {
  return key == null ? undefined : presentText(String(key));
}

/** What `read` makes of the members that are there; undefined where that is nothing. */
function mapPresent<Member, Read>(
  members: readonly (Member | null | undefined)[] | null | undefined,
  read: (member: Member) => Read | undefined,
): readonly Read[] | undefined {
  const found: Read[] = [];
  for (const member of members ?? []) {
    const one = member == null ? undefined : read(member);
    if (one !== undefined) found.push(one);
  }
  return presentList(found);
}

/** Without a value there is nothing that a type could be of. */
function withValue<Rest extends object>(value: string | undefined, rest: Rest) {
  return value === undefined ? undefined : dropAbsent({ value, ...rest });
}

function toReference({ id, name }: NonNullable<NonNullable<TrutoUser['groups']>[number]>): Reference | undefined {
  return presentObject(dropAbsent({ id: readKey(id), name: presentText(name) }));
}

/** The scope says in which group, organization or workspace the user has the role. */
function toRole(role: NonNullable<NonNullable<TrutoUser['roles']>[number]>): Role | undefined {
  const { group, organization, workspace } = role;
  const scope = dropAbsent({
    group: readKey(group),
    organization: readKey(organization),
    workspace: readKey(workspace),
  }) as JsonObject;
  return presentObject(dropAbsent({ ...toReference(role), scope: presentObject(scope) }));
}

function readIdentifiers(identifiers: TrutoUser['identifiers']): JsonObject | undefined {
  const named = Object.entries(identifiers ?? {}).filter(([, value]) => value !== null && value !== '');
  return presentObject(Object.fromEntries(named)) as JsonObject | undefined;
}
