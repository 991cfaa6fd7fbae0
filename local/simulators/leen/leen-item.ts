import { createHash } from 'node:crypto';
import { deriveUuid } from '../derive-uuid.ts';
import { groupNames } from '../invent-person.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import type { WireRow } from '../simulated-vendor.ts';
import { blankKeys, type RowShape } from '../spoil-rows.ts';

export type GroupsShown = 'none' | 'all' | 'with nulls';

/** ITSMUserRespModel, or ITSMUserWithGroupsRespModel where groups are shown.
 *  Source: docs.leen.dev/api-reference/itsm/get-users (stored copy). */
export function toLeenItem(person: SimulatedPerson, shown: GroupsShown): WireRow {
  const item = {
    id: person.id,
    name: `${person.givenName} ${person.familyName}`,
    email: person.email,
    status: person.status,
    vendor_attributes: isServiceNow(person) ? toServiceNowAttributes(person) : toJiraAttributes(person),
  };
  if (shown === 'none') return item;
  const groups = person.groups.map((group) => toGroup(person, group));
  return { ...item, groups: shown === 'all' ? groups : [null, ...groups] };
}

export const leenItemShape: RowShape = {
  idKey: 'id',
  statusKey: 'status',
  broken: { name: null, email: 7, vendor_attributes: 'none' },
  /** What a Jira outage does: everything has its fallback value. */
  blank: (row, as) => {
    const attributes = row.vendor_attributes as WireRow;
    const blanked = blankKeys(
      { ...attributes, created_at: null, updated_at: null },
      ['data'],
      as === 'empty' ? 'null' : as,
    );
    return { ...blankKeys(row, ['name', 'email'], as), vendor_attributes: blanked };
  },
};

/** A real connection has one back end; a few of these make one sweep meet both shapes. */
function isServiceNow({ number }: SimulatedPerson): boolean {
  return number % 9 === 0;
}

function toServiceNowAttributes({ id, createdAt, updatedAt }: SimulatedPerson): WireRow {
  return { id: deriveHex(id), vendor: 'SERVICENOW', created_at: createdAt, updated_at: updatedAt, data: null };
}

/** Assumed: Jira's user API states no times, so Leen has none to pass on. The discriminator is not required, so some
 *  lack it. */
function toJiraAttributes({ id, number }: SimulatedPerson): WireRow {
  const accountType = number % 11 === 0 ? 'app' : number % 7 === 0 ? 'customer' : 'atlassian';
  const discriminator = number % 8 === 0 ? {} : { vendor: 'JIRA' };
  const attributes = { id: deriveHex(id), vendor: 'JIRA', created_at: null, updated_at: null };
  return { ...attributes, data: { ...discriminator, accountType } };
}

function toGroup(person: SimulatedPerson, group: number): WireRow {
  const id = deriveUuid(`leen/group/${group}`);
  const vendor = isServiceNow(person) ? 'SERVICENOW' : 'JIRA';
  return {
    id,
    name: groupNames[group] ?? `Group ${group}`,
    description: '',
    status: 'ACTIVE',
    vendor_attributes: { id: deriveHex(id), vendor, data: vendor === 'JIRA' ? { vendor } : null },
  };
}

function deriveHex(id: string): string {
  return createHash('sha256').update(`vendor/${id}`).digest('hex').slice(0, 24);
}
