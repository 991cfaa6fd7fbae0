import { groupNames } from '../invent-person.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import type { WireRow } from '../simulated-vendor.ts';
import { type Blankness, blankKeys, type RowShape } from '../spoil-rows.ts';

const dayMs = 86_400_000;

/** A user as the simulated back end fills the unified schema. Logins move `updated_at` and `last_login_at`, and the
 *  address of the avatar is signed anew whenever it is asked for.
 *  Source: truto.one/docs/api-reference/unified-user-directory-api/users/list (stored copy). */
export function toTrutoRow(person: SimulatedPerson, nowMs: number): WireRow {
  const { id, number, givenName, familyName, createdAt, updatedAt } = person;
  const isNamed = number % 6 !== 0;
  return {
    id,
    ...(number % 4 === 0 ? { external_id: `scim-${number}` } : {}),
    identifiers: { employee_number: String(10_000 + number) },
    first_name: isNamed ? givenName : null,
    last_name: isNamed ? familyName : null,
    title: person.title,
    name: `${givenName} ${familyName}`,
    username: person.userName,
    emails: person.email === '' ? [] : [{ email: person.email, type: 'work', is_primary: true }],
    phones: number % 3 === 0 ? [{ number: `+4930${100_000 + number}`, extension: null, type: 'work' }] : [],
    status: person.status,
    is_email_verified: number % 2 === 0,
    is_2fa_enabled: number % 5 === 0 ? null : number % 2 === 0,
    roles: [{ id: person.admin ? 'r-admin' : 'r-member', name: person.admin ? 'Admin' : 'Member', workspace: 'w-1' }],
    organizations: [{ id: 'o-1', name: 'Example' }],
    user_type: person.admin ? 'admin' : 'user',
    licenses: [{ id: 'l-1', name: 'Seat', organization: 'o-1', last_active_at: updatedAt }],
    groups: person.groups.map((group) => ({ id: `g-${group}`, name: groupNames[group], organization: 'o-1' })),
    workspaces: [{ id: 'w-1', name: 'Main' }],
    avatar: `https://example.org/avatars/${number}?expires=${nowMs + dayMs}`,
    timezone: 'Europe/Berlin',
    languages: [person.language],
    bio: '',
    created_at: createdAt,
    updated_at: updatedAt,
    last_active_at: updatedAt,
    last_login_at: updatedAt,
    status_changed_at: null,
    activated_at: createdAt,
    urls: null,
    remote_data: { uid: number, login: person.userName, mail: person.email },
  };
}

export const trutoRowShape: RowShape = {
  idKey: 'id',
  statusKey: 'status',
  broken: { name: 42, emails: 'none', status: {} },
  blank: (row, as) => ({
    ...blankKeys(row, ['first_name', 'last_name', 'title', 'name', 'username', 'avatar', 'timezone'], as),
    emails: blankEmails(row, as),
  }),
};

function blankEmails({ emails }: WireRow, as: Blankness): WireRow[] {
  return (emails as WireRow[]).map((email) => blankKeys(email, ['email', 'type'], as));
}
