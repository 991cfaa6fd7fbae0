import type { CanonicalUser, ObservedUser } from '../model/canonical-user.ts';
import type { FieldPath, ProjectedField } from '../model/projected-field.ts';
import type { Protection } from '../model/protection.ts';
import { canonicalJson, canonicalSet, canonicalTexts } from './canonical-json.ts';
import { protectedFields } from './protected-fields.ts';

/** The fields that count as a change for one connection, in a fixed order. */
export type Projection = {
  readonly fields: readonly ProjectedField[];
  /** What each field means, by path: two projections agree on a field where their meanings are equal. */
  readonly meanings: ReadonlyMap<FieldPath, string>;
  /** Names this projection; equal meanings yield equal versions. */
  readonly version: string;
};

/** A status always counts, whatever a vendor or an operator lists; what it means is still the vendor's to say. */
const alwaysProjected: readonly ProjectedField[] = [{ path: 'status', keepWhenAbsent: true }, { path: 'rawStatus' }];

/** Raised when `projectionText` spells users in another way: every entry is then rewritten once, and nobody is told. */
const textFormat = 2;

const unprotected: Protection = { redact: [], hash: [] };

/**
 * A connection's projection: the vendor's allow-list without the fields its operator ignores or takes out.
 * `nameVersion` turns the text of all meanings into a short name; what is protected beyond the projection is part of that
 * text, so that a new protection makes every entry a suspect, and rewrites it, once.
 */
export function createProjection(
  allowed: readonly ProjectedField[],
  ignored: readonly string[],
  nameVersion: (text: string) => string,
  protection: Protection = unprotected,
): Projection {
  const masks = protectedFields(protection);
  const always = alwaysProjected.map((field) =>
    withMeaning(
      field,
      allowed.find(({ path }) => path === field.path),
    ),
  );
  const listed = allowed
    .filter(({ path }) => always.every((field) => field.path !== path))
    .filter(({ path }) => !ignored.includes(path) && masks.get(path) !== 'redact');
  const fields = [...always, ...listed].sort((a, b) => (a.path < b.path ? -1 : 1));
  const meanings = new Map(fields.map((field) => [field.path, meaningOf(field, masks.get(field.path) === 'hash')]));
  const named = { textFormat, ...Object.fromEntries([...masks, ...meanings]) };
  return { fields, meanings, version: nameVersion(canonicalJson(named) ?? '') };
}

/**
 * The canonical text of everything about a user that counts as a change, with his id and the projection's version.
 *
 * The version makes every entry of another version a suspect once: a user whom only the words of the projection, but
 * no value, tell from his entry would keep it, and a later change of a field that it does not know would be absorbed.
 * The id tells users apart who share a key hash and are the same in every field.
 */
export function projectionText(user: ObservedUser, projection: Projection): string {
  const values: unknown[] = [projection.version, user.id];
  let lines = '';
  for (const field of projection.fields) {
    const value = fieldValue(user, field.path);
    const line = typeof value === 'object' ? fieldText(user, field) : undefined;
    if (line !== undefined) lines += `\n${line}`;
    values.push(line === undefined ? plainValue(value) : onItsLine);
  }
  return JSON.stringify(values) + lines;
}

/** Stands for what has a line of its own below. */
const onItsLine: readonly never[] = [];

/** Absence in one spelling. */
function plainValue(value: unknown): unknown {
  return value === '' || typeof value === 'object' ? null : value;
}

/** The canonical text of one projected field; undefined where it is absent. Equal texts mean "no change". */
export function fieldText(user: ObservedUser, field: ProjectedField): string | undefined {
  const value = fieldValue(user, field.path);
  if (!Array.isArray(value)) return canonicalJson(value);
  if (!field.compareById) return canonicalSet(value);
  const texts: string[] = [];
  for (const member of value) {
    const text = idText(member);
    if (text !== undefined) texts.push(text);
  }
  return canonicalTexts(texts);
}

/** The value at a path; undefined where it is absent. */
export function fieldValue(user: ObservedUser | CanonicalUser, path: FieldPath): unknown {
  const attribute = vendorAttributeName(path);
  if (attribute === undefined) return (user as Record<string, unknown>)[path];
  const attributes = user.vendorAttributes;
  return attributes !== undefined && Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
}

/** `admin` for `vendorAttributes.admin`; undefined for a canonical field. */
export function vendorAttributeName(path: FieldPath): string | undefined {
  return path.startsWith('vendorAttributes.') ? path.slice('vendorAttributes.'.length) : undefined;
}

/** The paths that mean the same in two projections. */
export function agreedFields(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  return new Set([...one].filter(([path, meaning]) => other.get(path) === meaning).map(([path]) => path));
}

function withMeaning(field: ProjectedField, { since, shapedBy }: Partial<ProjectedField> = {}): ProjectedField {
  return { ...field, ...(since !== undefined && { since }), ...(shapedBy !== undefined && { shapedBy }) };
}

function meaningOf(field: ProjectedField, isHashed: boolean): string {
  const shape = field.shapedBy === undefined ? '' : ` shaped by ${field.shapedBy}`;
  return `${field.since ?? 1}${field.compareById ? ' by id' : ''}${isHashed ? ' hashed' : ''}${shape}`;
}

/** A member by its id alone. A role's scope is no name of it: the same role somewhere else is another one. */
function idText(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null) return canonicalJson(member);
  const { id, scope } = member as { id?: unknown; scope?: unknown };
  if (id === undefined || id === null || id === '') return canonicalJson(member);
  if (scope !== undefined) return canonicalJson({ id, scope });
  const text = canonicalJson(id);
  return text === undefined ? undefined : `{"id":${text}}`;
}
