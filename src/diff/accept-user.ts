import type { CanonicalUser, ObservedUser } from '../model/canonical-user.ts';
import { fieldText, fieldValue, type Projection } from './projection.ts';
import { withField } from './with-field.ts';

/**
 * The user as the snapshot would hold him after an observation: what was observed, plus what the vendor left out
 * without meaning it (a status that is missing, an address it blanks now and then).
 */
export function acceptUser(
  before: CanonicalUser | undefined,
  observed: ObservedUser,
  projection: Projection,
): CanonicalUser {
  let accepted: CanonicalUser = { ...observed, status: observed.status ?? 'unknown' };
  if (before === undefined) return accepted;
  if (observed.status === undefined) accepted = keepStatus(before, accepted);
  for (const field of projection.fields) {
    if (!field.keepWhenAbsent) continue;
    if (fieldText(accepted, field) === undefined && fieldText(before, field) !== undefined)
      accepted = withField(accepted, field.path, fieldValue(before, field.path));
  }
  return accepted;
}

function keepStatus(before: CanonicalUser, accepted: CanonicalUser): CanonicalUser {
  const { rawStatus: _, ...rest } = accepted;
  return before.rawStatus === undefined
    ? { ...rest, status: before.status }
    : { ...rest, status: before.status, rawStatus: before.rawStatus };
}
