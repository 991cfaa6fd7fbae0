import { deriveUuid } from '../derive-uuid.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import type { WireRow } from '../simulated-vendor.ts';
import { blankKeys, type RowShape } from '../spoil-rows.ts';

/** A user as a token with metadata permissions sees him.
 *  Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users (stored copy). */
export function toDelayRow(person: SimulatedPerson): WireRow {
  return {
    id: person.id,
    identifier: person.userName,
    name: `${person.givenName} ${person.familyName}`,
    email: person.email,
    user_type: userTypeOf(person),
    status: person.status,
    created_at: person.createdAt,
    updated_at: person.updatedAt,
    created_by: creatorOf(person),
    updated_by: updaterOf(person),
  };
}

/** What only a token with metadata permissions sees. */
export const metadataKeys = ['created_by', 'updated_by'];

export const delayRowShape: RowShape = {
  idKey: 'id',
  statusKey: 'status',
  broken: { name: 42, identifier: ['none'], email: {} },
  blank: (row, as) =>
    blankKeys(row, ['identifier', 'name', 'email', 'user_type', 'created_at', 'updated_at', ...metadataKeys], as),
};

export function userTypeOf({ admin, number }: SimulatedPerson): string {
  if (admin) return 'saas_admin';
  return number % 3 === 0 ? 'saas_user_client' : 'saas_user';
}

export function creatorOf({ number }: SimulatedPerson): string {
  return deriveUuid(`delay/operator/${number % 2}`);
}

export function updaterOf({ number }: SimulatedPerson): string {
  return deriveUuid(`delay/operator/${number % 3}`);
}
