import type { ObservedUser, Reference } from '../../model/canonical-user.ts';
import type { UserId } from '../../model/ids.ts';
import { readInstant } from '../../model/instant.ts';
import type { Json } from '../../model/json.ts';
import type { ProjectedField } from '../../model/projected-field.ts';
import { dropAbsent, presentList, presentObject, presentText } from '../http/drop-absent.ts';
import { lookUpStatus, type StatusTable } from '../http/look-up-status.ts';
import { type OpenprojectUser, openprojectFormattable, openprojectLink } from './wire.ts';

/** Source: opf/openproject app/models/principal.rb@cef85bf. `registered` has signed up and waits to be activated. */
const statuses: StatusTable = {
  active: 'active',
  invited: 'invited',
  registered: 'pending',
  locked: 'suspended',
};

/**
 * What counts as a change. Not `displayName`, which a setting of the instance rewrites for everybody, nor `avatar`,
 * `createdAt` and `updatedAt` (every login moves it). `admin` is shown to administrators only, so its absence says
 * nothing.
 *
 * Source: opf/openproject lib/api/v3/users/user_representer.rb@4911b8a, app/models/user.rb@4911b8a.
 */
export const openprojectProjection: readonly ProjectedField[] = [
  { path: 'userName' },
  { path: 'givenName' },
  { path: 'familyName' },
  { path: 'emails' },
  { path: 'status' },
  { path: 'rawStatus' },
  { path: 'language' },
  { path: 'vendorAttributes.admin', keepWhenAbsent: true },
  { path: 'vendorAttributes.identityUrl' },
];

/** A custom field counts once it is asked for. What it refers to is compared by id: an option may be renamed. */
export function projectCustomField(name: string): ProjectedField {
  return { path: `vendorAttributes.${name}`, compareById: true };
}

/** What does not arrive, and why. */
export const openprojectLeftOut = {
  _type: 'always `User`; a row of another type is refused',
  '_links.*': 'what the token may do with the user, not what he is; links of custom fields arrive with them',
} as const;

/** A user of OpenProject's in canonical form, with the custom fields asked for. */
export function toUser(row: OpenprojectUser, id: UserId, customFields: readonly string[]): ObservedUser {
  const givenName = presentText(row.firstName);
  const familyName = presentText(row.lastName);
  const email = presentText(row.email);
  const rawStatus = presentText(row.status);
  return dropAbsent({
    id,
    userName: presentText(row.login),
    // The document's own sample has no `name`.
    displayName: presentText(row.name) ?? presentText([givenName ?? '', familyName ?? ''].join(' ').trim()),
    givenName,
    familyName,
    emails: email === undefined ? undefined : [{ value: email }],
    status: rawStatus === undefined ? undefined : lookUpStatus(statuses, rawStatus),
    rawStatus,
    language: presentText(row.language),
    avatar: presentText(row.avatar),
    createdAt: readInstant(row.createdAt),
    updatedAt: readInstant(row.updatedAt),
    vendorAttributes: presentObject({
      ...dropAbsent({ admin: row.admin ?? undefined, identityUrl: presentText(row.identityUrl) }),
      ...dropAbsent(Object.fromEntries(customFields.map((name) => [name, readCustomField(row, name)]))),
    }),
  });
}

/** A value as it is, a long text without its markup, what a field refers to as a list of references. */
function readCustomField(row: OpenprojectUser, name: string): Json | undefined {
  if (!Object.hasOwn(row, name)) return readLinks(row._links?.[name]);
  const value = row[name] as Json;
  const formattable = typeof value === 'object' ? openprojectFormattable.safeParse(value) : undefined;
  const said = formattable?.success ? formattable.data.raw : value;
  return said === null || said === '' ? undefined : said;
}

function readLinks(links: unknown): readonly Reference[] | undefined {
  return presentList((Array.isArray(links) ? links : [links]).flatMap(toReference));
}

function toReference(link: unknown): Reference[] {
  const read = openprojectLink.safeParse(link);
  const id = presentText(read.data?.href?.split('/').at(-1));
  return id === undefined ? [] : [dropAbsent({ id, name: presentText(read.data?.title) })];
}
