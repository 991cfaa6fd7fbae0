import type { CanonicalUser } from '../model/canonical-user.ts';
import type { Fault } from '../model/feed-error.ts';
import type { ProtectedField, Protection } from '../model/protection.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { consultVendor } from './consult-vendor.ts';
import { nearestWord } from './nearest-word.ts';
import { joinWords, showValue } from './wording.ts';

const neverProtected: readonly string[] = ['id', 'status', 'rawStatus'];

/** What a canonical field holds: texts, which a hash can stand for, or something that consumers read otherwise. */
const kinds: {
  readonly [Field in Exclude<keyof CanonicalUser, 'id' | 'status' | 'rawStatus' | 'vendorAttributes'>]-?:
    | 'text'
    | 'other';
} = {
  userName: 'text',
  displayName: 'text',
  givenName: 'text',
  familyName: 'text',
  title: 'text',
  emails: 'text',
  phones: 'text',
  userType: 'text',
  roles: 'other',
  groups: 'other',
  organizations: 'other',
  workspaces: 'other',
  licenses: 'other',
  externalId: 'text',
  identifiers: 'text',
  emailVerified: 'other',
  mfaEnabled: 'other',
  language: 'text',
  languages: 'text',
  timezone: 'text',
  avatar: 'text',
  bio: 'text',
  urls: 'text',
  createdAt: 'other',
  updatedAt: 'other',
  lastActiveAt: 'other',
  lastLoginAt: 'other',
  statusChangedAt: 'other',
  activatedAt: 'other',
};
const canonicalFields = Object.keys(kinds);
const hashableFields = canonicalFields.filter((field) => kinds[field as keyof typeof kinds] === 'text');

type Way = keyof Protection;

/** What can be redacted or hashed at a vendor whatever its options: canonical fields, filled or not, and its attributes. */
export function listProtectableFields(way: Way, vendor: Pick<Vendor, 'projection' | 'uncountedAttributes'>): string[] {
  const counted = vendor.projection.map(({ path }): string => path).filter(isAttribute);
  return [...(way === 'hash' ? hashableFields : canonicalFields), ...counted, ...(vendor.uncountedAttributes ?? [])];
}

/** What is wrong with `fields.redact` and `fields.hash`: a field that is misspelt would be published as it is. */
export function findProtectionFaults(
  fields: { readonly [key: string]: unknown },
  path: string,
  vendor: Vendor,
  options: unknown,
): Fault[] {
  if (textsOf(fields.redact).length + textsOf(fields.hash).length === 0) return [];
  const shaped = consultVendor(vendor, options, (read) => vendor.projectionFor?.(read) ?? []);
  const isUndecided = shaped === undefined && vendor.projectionFor !== undefined;
  const faultsOf = (way: Way): Fault[] => {
    const byOptions = listProtectableFields(way, { projection: shaped?.answer ?? [] });
    const known = new Set([...listProtectableFields(way, vendor), ...byOptions]);
    return textsOf(fields[way]).flatMap(([field, index]) => {
      // Options that cannot be read may bring the attribute: they are reported first.
      if (known.has(field) || (isUndecided && isAttribute(field))) return [];
      return [{ path: `${path}.${way}[${index}]`, message: explainField(field, way, [...known], vendor) }];
    });
  };
  return [...faultsOf('redact'), ...faultsOf('hash'), ...findFieldsInBoth(fields, path)];
}

function findFieldsInBoth(fields: { readonly [key: string]: unknown }, path: string): Fault[] {
  const redacted = new Set(textsOf(fields.redact).map(([field]) => field));
  return textsOf(fields.hash).flatMap(([field, index]) => {
    const message = `${showValue(field)} stands in fields.redact too: nothing is left to hash, keep one of the two`;
    return redacted.has(field) ? [{ path: `${path}.hash[${index}]`, message }] : [];
  });
}

function explainField(field: string, way: Way, known: readonly string[], vendor: Vendor): string {
  const done = way === 'hash' ? 'hashed' : 'redacted';
  const attributes = known.filter(isAttribute);
  const expected =
    attributes.length === 0
      ? `a canonical field that can be ${done} (${vendor.id} has no vendorAttributes)`
      : `a canonical field that can be ${done}, or one of ${vendor.id}'s own (${joinWords(attributes, 'or')})`;
  return `expected ${expected}, found ${showValue(field)}${adviseOn(field, way, known)}`;
}

function adviseOn(field: string, way: Way, known: readonly string[]): string {
  if (field === 'id') return ': without id nobody could tell whom an event is about';
  if (neverProtected.includes(field)) return ': consumers revoke access on a change of status, so it stays as it is';
  if (field === 'vendorAttributes') return ': name the attributes one by one';
  if (way === 'hash' && canonicalFields.includes(field)) return ': only text can be hashed, redact it instead';
  const nearest = nearestWord(field, known);
  return nearest === undefined ? '' : `: did you mean "${nearest}"?`;
}

function isAttribute(path: string): boolean {
  return path.startsWith('vendorAttributes.');
}

/** The texts of what may be a list, with their places; anything else in it is a fault of its own. */
function textsOf(value: unknown): readonly (readonly [string, number])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((member: unknown, index) => (typeof member === 'string' ? [[member, index] as const] : []));
}

/** The fields in one spelling: their version is told from them. */
export function toProtection({ redact, hash }: { readonly [Key in Way]: readonly string[] }): Protection {
  const sorted = (fields: readonly string[]) => [...new Set(fields)].sort() as ProtectedField[];
  return { redact: sorted(redact), hash: sorted(hash) };
}
