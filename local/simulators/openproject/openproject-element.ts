import type { SimulatedPerson } from '../simulated-person.ts';
import type { WireRow } from '../simulated-vendor.ts';
import { blankKeys, type RowShape, withoutKeys } from '../spoil-rows.ts';
import { nameOf } from './openproject-query.ts';

/** A user as an administrator's token sees him; the instance has one custom field.
 *  Source: opf/openproject lib/api/v3/users/user_representer.rb, docs/api/apiv3/components/schemas/user_model.yml. */
export function toOpenProjectElement(person: SimulatedPerson): WireRow {
  return {
    _type: 'User',
    id: person.number,
    name: nameOf(person),
    createdAt: person.createdAt,
    updatedAt: person.updatedAt,
    login: person.userName,
    admin: person.admin,
    firstName: person.givenName,
    lastName: person.familyName,
    email: person.email,
    avatar: `https://example.org/users/${person.id}/avatar`,
    status: person.status,
    identityUrl: person.number % 4 === 0 ? `saml:${person.id}` : null,
    language: person.language,
    customField1: person.title,
    _links: toLinks(person),
  };
}

export const openProjectElementShape: RowShape = {
  idKey: 'id',
  statusKey: 'status',
  broken: { name: 42, login: ['none'], status: {} },
  blank: (row, as) =>
    blankKeys(
      row,
      ['login', 'firstName', 'lastName', 'email', 'avatar', 'identityUrl', 'language', 'customField1'],
      as,
    ),
};

const linksOfAdministrators = ['updateImmediately', 'lock', 'unlock', 'delete'];

/** The element as a token sees it that may manage users but is no administrator's. */
export function withoutAdminKeys(row: WireRow): WireRow {
  return { ...withoutKeys(row, ['admin']), _links: withoutKeys(row._links as WireRow, linksOfAdministrators) };
}

function toLinks(person: SimulatedPerson): WireRow {
  const href = `/api/v3/users/${person.id}`;
  const login = person.userName;
  const isLocked = person.status === 'locked';
  const memberships = JSON.stringify([{ principal: { operator: '=', values: [person.id] } }]);
  return {
    self: { href, title: nameOf(person) },
    memberships: { href: `/api/v3/memberships?filters=${encodeURIComponent(memberships)}`, title: 'Memberships' },
    ...(isLocked ? {} : { showUser: { href: `/users/${person.id}`, type: 'text/html' } }),
    updateImmediately: { href, title: `Update ${login}`, method: 'patch' },
    ...(person.status === 'active'
      ? { lock: { href: `${href}/lock`, title: `Set lock on ${login}`, method: 'post' } }
      : {}),
    ...(isLocked ? { unlock: { href: `${href}/lock`, title: `Remove lock on ${login}`, method: 'delete' } } : {}),
    delete: { href, title: `Delete ${login}`, method: 'delete' },
  };
}
