import type { CanonicalUser } from '../model/canonical-user.ts';
import type { StatusChange, UserDiff } from '../model/change.ts';
import type { FieldPath } from '../model/projected-field.ts';
import { fieldText, fieldValue, type Projection, vendorAttributeName } from './projection.ts';

/**
 * What changed between two states of one user; undefined where nothing did that counts.
 * `comparable` limits the comparison to fields that mean the same in both states; by default all do.
 */
export function diffUser(
  before: CanonicalUser,
  after: CanonicalUser,
  projection: Projection,
  comparable?: ReadonlySet<string>,
): UserDiff | undefined {
  const changedFields = projection.fields
    .filter((field) => comparable === undefined || comparable.has(field.path))
    .filter((field) => fieldText(before, field) !== fieldText(after, field))
    .map((field) => field.path);
  if (changedFields.length === 0) return undefined;
  const status = statusChange(before, after, changedFields);
  return { changedFields, before: oldValues(before, changedFields), ...(status && { status }) };
}

/** The status part of a change from one state of a user to another. */
export function statusBetween(before: CanonicalUser | undefined, after: CanonicalUser): StatusChange {
  return {
    ...(before !== undefined && { from: before.status }),
    to: after.status,
    ...(before?.rawStatus !== undefined && { rawFrom: before.rawStatus }),
    ...(after.rawStatus !== undefined && { rawTo: after.rawStatus }),
  };
}

function statusChange(
  before: CanonicalUser,
  after: CanonicalUser,
  changedFields: readonly FieldPath[],
): StatusChange | undefined {
  if (!changedFields.includes('status') && !changedFields.includes('rawStatus')) return undefined;
  return statusBetween(before, after);
}

function oldValues(before: CanonicalUser, paths: readonly FieldPath[]): UserDiff['before'] {
  const known = paths
    .map((path) => [path, fieldValue(before, path)] as const)
    .filter(([, value]) => value !== undefined);
  const fields = known.filter(([path]) => vendorAttributeName(path) === undefined);
  const attributes = known.flatMap(([path, value]) => {
    const name = vendorAttributeName(path);
    return name === undefined ? [] : [[name, value] as const];
  });
  const values = Object.fromEntries(fields);
  return attributes.length === 0 ? values : { ...values, vendorAttributes: Object.fromEntries(attributes) };
}
