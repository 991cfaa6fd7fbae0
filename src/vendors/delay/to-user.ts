import type { ObservedUser, Status } from '../../model/canonical-user.ts';
import type { UserId } from '../../model/ids.ts';
import { readInstant } from '../../model/instant.ts';
import type { ProjectedField } from '../../model/projected-field.ts';
import { dropAbsent, presentObject, presentText } from '../http/drop-absent.ts';
import { lookUpStatus, type StatusTable } from '../http/look-up-status.ts';
import type { DelayUser } from './wire.ts';

/** What `risky` is taken for: a mark that a review sets, of which the document does not say whether it locks out. */
export type RiskyStatus = Extract<Status, 'unknown' | 'suspended' | 'active'>;

/** Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users, response, status (stored copy, 2026-11). */
const statuses: StatusTable = {
  active: 'active',
  onboarding: 'pending',
  inactive: 'inactive',
  suspended: 'suspended',
};

/**
 * What counts as a change. Not `createdAt` and `updatedAt`, the vendor's clock; nor who created or updated a user,
 * which comes and goes with the token's metadata permissions.
 */
export const delayProjection: readonly ProjectedField[] = [
  { path: 'userName' },
  { path: 'displayName' },
  { path: 'emails' },
  { path: 'userType' },
  { path: 'status' },
  { path: 'rawStatus' },
];

/** With another word for `risky`, the status means something else, and the change of it is absorbed. */
export function delayProjectionFor(riskyStatus: Status): readonly ProjectedField[] {
  return delayProjection.map((field) => (field.path === 'status' ? { ...field, shapedBy: riskyStatus } : field));
}

/** A user of Delay's in canonical form. Nothing is left out. */
export function toUser(row: DelayUser, id: UserId, riskyStatus: RiskyStatus): ObservedUser {
  const email = presentText(row.email);
  const rawStatus = presentText(row.status);
  return dropAbsent({
    id,
    userName: presentText(row.identifier),
    displayName: presentText(row.name),
    emails: email === undefined ? undefined : [{ value: email }],
    status: rawStatus === undefined ? undefined : readStatus(rawStatus, riskyStatus),
    rawStatus,
    userType: presentText(row.user_type),
    createdAt: readInstant(row.created_at),
    updatedAt: readInstant(row.updated_at),
    vendorAttributes: presentObject(
      dropAbsent({ createdBy: presentText(row.created_by), updatedBy: presentText(row.updated_by) }),
    ),
  });
}

function readStatus(raw: string, riskyStatus: RiskyStatus): Status {
  if (raw === 'risky') return riskyStatus;
  return lookUpStatus(statuses, raw);
}
