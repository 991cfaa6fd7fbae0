import type { CanonicalUser } from '../model/canonical-user.ts';
import type { UserDiff } from '../model/change.ts';
import type { FieldPath } from '../model/projected-field.ts';
import { canonicalJson } from './canonical-json.ts';
import type { DiffContext } from './diff-sweep.ts';
import { statusBetween } from './diff-user.ts';
import { toHex } from './digest.ts';
import { fieldValue, projectionText, vendorAttributeName } from './projection.ts';
import type { StagedChange, StagedTransition } from './staged-transition.ts';
import { withField } from './with-field.ts';

/** The fields that a change takes away from its user: known before, absent after. */
export function lostFields({ entry, change }: StagedTransition): readonly FieldPath[] {
  const changed = change?.diff?.changedFields ?? [];
  return changed.filter((path) => canonicalJson(fieldValue(entry.user, path)) === undefined);
}

/**
 * The transition as if its user had kept the fields he lost, as far as they are among these; undefined where nothing
 * is left of it.
 */
export function maskLostFields(
  transition: StagedTransition,
  fields: ReadonlySet<FieldPath>,
  { projection, digester }: Pick<DiffContext, 'projection' | 'digester'>,
): StagedTransition | undefined {
  const masked = lostFields(transition).filter((path) => fields.has(path));
  const { entry, change, ...rest } = transition;
  if (masked.length === 0 || change?.diff === undefined) return transition;
  const before = change.diff.before as unknown as CanonicalUser;
  const user = masked.reduce((kept, path) => withField(kept, path, fieldValue(before, path)), entry.user);
  const digest = toHex(digester.digest(projectionText(user, projection)));
  const told = withoutFields(change, masked, user);
  if (told === undefined && digest === rest.priorDigest) return undefined;
  return { ...rest, entry: { ...entry, user, digest }, ...(told && { change: told }) };
}

/** The transition with its user's losses accepted, as far as they are among these fields, but not told. */
export function absorbLostFields(transition: StagedTransition, fields: ReadonlySet<FieldPath>): StagedTransition {
  const absorbed = lostFields(transition).filter((path) => fields.has(path));
  const { change, ...silent } = transition;
  if (absorbed.length === 0 || change === undefined) return transition;
  const told = withoutFields(change, absorbed, transition.entry.user);
  return told === undefined ? silent : { ...silent, change: told };
}

/** The change without some of its fields; undefined where nothing is left to tell. */
function withoutFields(
  change: StagedChange,
  paths: readonly FieldPath[],
  user: CanonicalUser,
): StagedChange | undefined {
  const { diff, ...facts } = change;
  if (diff === undefined) return change;
  const changedFields = diff.changedFields.filter((path) => !paths.includes(path));
  if (change.type === 'deleted') return { ...facts, diff: { ...diff, changedFields, before: dropFields(diff, paths) } };
  if (changedFields.length === 0) return undefined;
  const isStatus = changedFields.includes('status') || changedFields.includes('rawStatus');
  const { status: _, ...plain } = diff;
  const left = { ...plain, changedFields, before: dropFields(diff, paths) };
  if (!isStatus) {
    const reason = change.type === 'status_changed' ? ({ code: 'fields_changed' } as const) : facts.reason;
    return { ...facts, type: change.type === 'status_changed' ? 'updated' : change.type, reason, diff: left };
  }
  return { ...facts, diff: { ...left, status: statusBetween(statusBefore(diff, user), user) } };
}

/** Who he was as far as his status goes: what the change does not name has not changed. */
function statusBefore({ status }: UserDiff, user: CanonicalUser): CanonicalUser {
  const { rawStatus: _, ...rest } = user;
  const raw = status?.rawFrom;
  return { ...rest, status: status?.from ?? user.status, ...(raw !== undefined && { rawStatus: raw }) };
}

function dropFields({ before }: UserDiff, paths: readonly FieldPath[]): UserDiff['before'] {
  const attributes = (before.vendorAttributes ?? {}) as { readonly [name: string]: unknown };
  const dropped = new Set(paths.map((path) => vendorAttributeName(path)));
  const kept = Object.entries(attributes).filter(([name]) => !dropped.has(name));
  const fields = Object.entries(before).filter(
    ([path]) => path !== 'vendorAttributes' && !paths.includes(path as FieldPath),
  );
  const values = Object.fromEntries(fields);
  return kept.length === 0 ? values : { ...values, vendorAttributes: Object.fromEntries(kept) };
}
