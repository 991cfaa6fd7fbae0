import { groupNames } from '../invent-person.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import type { WireRow } from '../simulated-vendor.ts';
import { blankKeys, type RowShape, withoutKeys } from '../spoil-rows.ts';

export type ObjectView = {
  readonly isBrief: boolean;
  readonly areRolesReversed: boolean;
  /** `createdTimestamp` as text: one of the two documents says so. */
  readonly isCreatedAsIso: boolean;
};

export const plainView: ObjectView = { isBrief: false, areRolesReversed: false, isCreatedAsIso: false };

/** One of `objects`, in the order of the response example. What a user does not have is not there.
 *  Source: GET /tenant-management/api/idm/users, response example (stored copy). Assumed: the brief form lacks roles
 *  and groups. */
export function toYuuvisObject(person: SimulatedPerson, view: ObjectView): WireRow {
  const roles = rolesOf(person);
  const groups = person.groups.map((group) => groupNames[group] ?? `Group ${group}`);
  return {
    id: person.id,
    ...(person.email === '' ? {} : { email: person.email }),
    firstName: person.givenName,
    lastName: person.familyName,
    ...(view.isBrief ? {} : { roles: view.areRolesReversed ? roles.toReversed() : roles }),
    ...(view.isBrief || groups.length === 0 ? {} : { groups }),
    username: person.userName,
    enabled: enabledOf(person.status),
    createdTimestamp: view.isCreatedAsIso ? person.createdAt : Date.parse(person.createdAt),
  };
}

export const yuuvisObjectShape: RowShape = {
  idKey: 'id',
  statusKey: 'enabled',
  broken: { username: 7, firstName: ['none'], roles: 'none' },
  blank: (row, as) => {
    const blanked = blankKeys(row, ['email', 'firstName', 'lastName'], as);
    const lists = ['roles', 'groups'].filter((key) => key in row);
    if (as === 'absent') return withoutKeys(blanked, lists);
    return { ...blanked, ...Object.fromEntries(lists.map((key) => [key, as === 'null' ? null : []])) };
  },
};

/** Those of the response example: some everybody has, two that Keycloak gives to everybody, one of administrators. */
function rolesOf({ admin, number }: SimulatedPerson): readonly string[] {
  return [
    'YUUVIS_DEFAULT',
    ...(admin ? ['YUUVIS_TENANT_ADMIN'] : []),
    ...(number % 3 === 0 ? ['uma_authorization', 'offline_access'] : []),
    'YUUVIS_CREATE_OBJECT',
    ...(number % 4 === 0 ? ['HR_MANAGER'] : []),
  ];
}

/** The vendor has a flag; any other word shows as it is. */
function enabledOf(status: string): boolean | string {
  return status === 'enabled' || (status === 'disabled' ? false : status);
}
