import type { AnyUserEvent } from './published-event.ts';

type User = AnyUserEvent['data']['user'];
type Attributes = { readonly [name: string]: unknown };

const coreSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
/** Holds what SCIM's core user has no attribute for, under the names of the canonical user. */
export const scimExtension = 'urn:user-change-feed:scim:schemas:extension:1.0:User';

/**
 * Where the canonical fields stand in SCIM: attribute paths as RFC 7644 writes them (section 3.5.2). What is missing here
 * stands in the extension. `active` says whether he may use the account, as far as the status tells.
 */
const attributeOf: { readonly [field: string]: string } = {
  id: 'id',
  externalId: 'externalId',
  userName: 'userName',
  displayName: 'displayName',
  givenName: 'name.givenName',
  familyName: 'name.familyName',
  title: 'title',
  userType: 'userType',
  language: 'preferredLanguage',
  timezone: 'timezone',
  emails: 'emails',
  phones: 'phoneNumbers',
  avatar: 'photos',
  roles: 'roles',
  groups: 'groups',
};

/** A canonical user as a SCIM resource (RFC 7643): the core schema, and an extension for the rest. */
export function toScimUser(user: User): Attributes {
  const { givenName, familyName, emails, phones, avatar, roles, groups } = user;
  const extension = Object.fromEntries(Object.entries(user).filter(([field]) => attributeOf[field] === undefined));
  const active = activeBy(user.status);
  const name = { ...(givenName !== undefined && { givenName }), ...(familyName !== undefined && { familyName }) };
  return {
    schemas: [coreSchema, scimExtension],
    ...singleValues(user),
    ...(Object.keys(name).length > 0 && { name }),
    ...(active !== undefined && { active }),
    ...(emails && { emails }),
    ...(phones && { phoneNumbers: phones.map(({ value, type }) => ({ value, ...(type !== undefined && { type }) })) }),
    ...(avatar !== undefined && { photos: [{ value: avatar, type: 'photo' }] }),
    ...(roles && { roles: roles.map(toReference) }),
    ...(groups && { groups: groups.map(toReference) }),
    [scimExtension]: extension,
  };
}

/** The attributes that canonical fields stand in, as SCIM's paths. */
export function scimAttributes(fields: readonly string[]): readonly string[] {
  const paths = fields.flatMap((field) => [
    attributeOf[field] ?? `${scimExtension}:${field}`,
    ...(field === 'status' ? ['active'] : []),
  ]);
  return [...new Set(paths)];
}

function singleValues(user: User): Attributes {
  const named = Object.entries(attributeOf).filter(([, attribute]) => !attribute.includes('.'));
  const values = named.map(([field, attribute]) => [attribute, (user as Attributes)[field]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && typeof value !== 'object'));
}

/** A status that nobody knows, or that is not decided yet, says nothing. */
function activeBy(status: User['status']): boolean | undefined {
  if (status === 'active') return true;
  return status === 'unknown' ? undefined : false;
}

function toReference({
  id,
  name,
}: {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}): Attributes {
  const value = id ?? name;
  return { ...(value !== undefined && { value }), ...(name !== undefined && { display: name }) };
}
