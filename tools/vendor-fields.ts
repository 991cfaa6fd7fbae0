import { readFileSync } from 'node:fs';
import { createProjection, projectionText } from '../src/diff/projection.ts';
import type { ObservedUser } from '../src/model/canonical-user.ts';
import { connectionId } from '../src/model/ids.ts';
import { instant } from '../src/model/instant.ts';
import type { HttpClient } from '../src/vendors/http/http-client.ts';
import type { Vendor } from '../src/vendors/vendor.ts';

/** Where one field of a vendor's response arrives. */
export type FieldTarget = {
  /** As the vendor spells it, from the row on; `[]` for members of a list. */
  readonly field: string;
  /** Canonical fields that change with it; empty where it is left out. */
  readonly arrivesAs: readonly string[];
  /** Whether a change of it is an event. */
  readonly counts: boolean;
  /** Why it is left out, where it is. */
  readonly leftOut?: string;
};

/** Options and credentials with which a vendor reads every field it can read. */
const readsEverything: Readonly<Record<string, object>> = {
  leen: { connectionId: 'c', includeUserGroups: true },
  openproject: { customFields: ['customField3', 'customField7'] },
  yuuvis: { tenant: 't' },
  truto: { integratedAccountId: 'a' },
  delay: {},
};
const credentials = { apiKey: 'k', token: 't' };

/**
 * Finds out where each field of a vendor's documented response arrives, by changing one field after the other in
 * `test/fixtures/vendors/<vendor>/every-field.json` and looking at what becomes of the canonical user.
 */
export async function traceFields(vendor: Vendor): Promise<readonly FieldTarget[]> {
  const path = new URL(`../test/fixtures/vendors/${vendor.id}/every-field.json`, import.meta.url);
  const body: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const options = vendor.options.parse(readsEverything[vendor.id] ?? {});
  const projection = createProjection(vendor.projectionFor?.(options) ?? vendor.projection, [], (text) => text);
  const user = await readUser(vendor, options, body);
  if (user === undefined) throw new Error(`${vendor.id} refuses the row of its own fixture`);
  const before = flatten(user);
  const targets: FieldTarget[] = [];
  for (const leaf of leavesOf(rowOf(body))) {
    // A row that is refused says nothing about where the field would have arrived.
    const other = (await readUser(vendor, options, changed(body, leaf))) ?? user;
    const after = flatten(other);
    const paths = [...new Set([...before.keys(), ...after.keys()])].filter((at) => before.get(at) !== after.get(at));
    const arrivesAs = [...new Set(paths.map(fieldOf))].sort();
    const field = leaf
      .map((step) => (typeof step === 'number' ? '[]' : step))
      .join('.')
      .replaceAll('.[]', '[]');
    const reason = vendor.leftOut[field] ?? vendor.leftOut[`${field.split(/[.[]/)[0] ?? ''}.*`];
    const counts = projectionText(user, projection) !== projectionText(other, projection);
    targets.push({
      field,
      arrivesAs,
      counts,
      ...(arrivesAs.length === 0 && reason !== undefined && { leftOut: reason }),
    });
  }
  return targets;
}

type Path = readonly (string | number)[];

/** The canonical user of the one row; undefined where the changed row is refused. */
async function readUser(vendor: Vendor, options: unknown, body: unknown): Promise<ObservedUser | undefined> {
  const http: HttpClient = {
    requestJson: async () => ({ status: 200, headers: {}, setCookies: [], body, receivedAt: instant(0), retries: 0 }),
  };
  const tokens = { get: async () => 'token', drop: () => undefined };
  const sessions = { get: () => undefined, keep: () => undefined, drop: () => undefined };
  const ask = {
    connectionId: connectionId('c'),
    baseUrl: 'https://vendor.example',
    credentials,
    options,
    cursor: undefined,
  };
  return (await vendor.fetchPage(ask, { http, tokens, sessions })).users[0];
}

/** The one row of a list, wherever the vendor keeps its rows. */
function rowOf(body: unknown): object {
  if (Array.isArray(body)) return body[0] as object;
  for (const member of Object.values(body as object)) {
    if (Array.isArray(member) && typeof member[0] === 'object') return member[0] as object;
    if (typeof member === 'object' && member !== null && 'elements' in member) return rowOf(member);
  }
  throw new Error('the fixture holds no row');
}

function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([step, member]) => leavesOf(member, [...path, step]));
}

/** The body with one leaf of its row changed to another value of its kind. */
function changed(body: unknown, leaf: Path): unknown {
  const copy: unknown = structuredClone(body);
  let holder = rowOf(copy) as Record<string | number, unknown>;
  for (const step of leaf.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  const last = leaf.at(-1) ?? '';
  holder[last] = otherValue(holder[last]);
  return copy;
}

function otherValue(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1000;
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return text.replace(/^\d{4}/, '2011');
  // Stays a UUID where it is one.
  return /[0-9a-f]$/.test(text) ? `${text.slice(0, -1)}${text.endsWith('1') ? '2' : '1'}` : `${text}x`;
}

function flatten(user: ObservedUser): ReadonlyMap<string, string> {
  return new Map(leavesOf(user).map((path) => [path.join('.'), JSON.stringify(valueAt(user, path))]));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (holder, step) => (holder as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}

/** `vendorAttributes.admin` for what only one vendor has, otherwise the canonical field. */
function fieldOf(path: string): string {
  const [field = '', attribute = ''] = path.split('.');
  return field === 'vendorAttributes' ? `${field}.${attribute}` : field;
}
