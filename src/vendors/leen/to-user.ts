import type { ObservedUser, Reference } from '../../model/canonical-user.ts';
import type { UserId } from '../../model/ids.ts';
import { readInstant } from '../../model/instant.ts';
import type { ProjectedField } from '../../model/projected-field.ts';
import { dropAbsent, presentList, presentObject, presentText } from '../http/drop-absent.ts';
import { lookUpStatus, type StatusTable } from '../http/look-up-status.ts';
import type { LeenUser } from './wire.ts';

/** Source: docs.leen.dev/api-reference/itsm/get-users, ITSMUserStatus (stored copy, 2026-11). */
const statuses: StatusTable = { ACTIVE: 'active', INACTIVE: 'inactive', DELETED: 'deleted' };

/**
 * What counts as a change. Not `createdAt` and `updatedAt`: the vendor's clock, and volatile.
 *
 * Jira hides e-mail addresses by a privacy setting and fills in `unknown` for the ids of broken records, so the absence
 * of either says nothing. Source: docs.rs/jira-api-v2/1.0.1/jira_api_v2/models/user (stored copy, 2026-11).
 */
export const leenProjection: readonly ProjectedField[] = [
  { path: 'displayName' },
  { path: 'emails', keepWhenAbsent: true },
  { path: 'status' },
  { path: 'rawStatus' },
  { path: 'groups', compareById: true },
  { path: 'vendorAttributes.id', keepWhenAbsent: true },
  { path: 'vendorAttributes.vendor' },
  { path: 'vendorAttributes.accountType' },
];

/** What does not arrive, and why. */
export const leenLeftOut = {
  'vendor_attributes.data.vendor': 'repeats `vendor_attributes.vendor`',
  'groups.*': 'describes the group, not the user',
} as const;

/** A user of Leen's in canonical form. */
export function toUser(row: LeenUser, id: UserId): ObservedUser {
  const origin = row.vendor_attributes;
  const email = presentText(row.email);
  const rawStatus = presentText(row.status);
  return dropAbsent({
    id,
    displayName: presentText(row.name),
    emails: email === undefined ? undefined : [{ value: email }],
    status: rawStatus === undefined ? undefined : lookUpStatus(statuses, rawStatus),
    rawStatus,
    groups: presentList((row.groups ?? []).flatMap(toReference)),
    createdAt: readInstant(origin?.created_at),
    updatedAt: readInstant(origin?.updated_at),
    vendorAttributes: presentObject(
      dropAbsent({
        id: origin?.id === 'unknown' ? undefined : presentText(origin?.id),
        vendor: presentText(origin?.vendor),
        accountType: presentText(origin?.data?.accountType),
      }),
    ),
  });
}

function toReference(group: NonNullable<LeenUser['groups']>[number]): Reference[] {
  return group == null ? [] : [dropAbsent({ id: group.id, name: presentText(group.name) })];
}
