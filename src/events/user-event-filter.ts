import type { Status } from '../model/canonical-user.ts';
import type { Origin } from '../model/change.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { KnownVendor } from './known-vendors.ts';
import type { UserEvent } from './published-event.ts';

export type UserEventType = UserEvent['type'];

/** Types whose events say what became of the status. */
type WithStatus = 'user.created' | 'user.status_changed' | 'user.deleted';
/** Types whose events say what the status was. */
type WithOldStatus = 'user.status_changed' | 'user.deleted';
/** Types whose events always list the fields that changed. */
type WithChanges = 'user.updated' | 'user.status_changed';

/** Any of these, or any but these. */
export type OneOf<T> = readonly T[] | { readonly not: readonly T[] };
/** Any of these names, or of those with such a beginning; or any but these names. */
export type NameMatch = readonly (string | { readonly prefix: string })[] | { readonly not: readonly string[] };

type Everywhere = {
  readonly vendors?: OneOf<KnownVendor>;
  readonly connections?: NameMatch;
  readonly tenants?: NameMatch;
  readonly origins?: OneOf<Origin>;
  /** Codes of `reason`. An open set: later versions add to it. */
  readonly reasons?: OneOf<string>;
};

/** `true`: only users who come back after their deletion; `false`: only those who appear for the first time. */
type Restored = { readonly restored?: boolean };
type StatusTo = { readonly statusTo?: OneOf<Status> };
type StatusFrom = { readonly statusFrom?: OneOf<Status> };
/** At least one of these has changed. */
type ChangedFields = { readonly changedFields?: readonly FieldPath[] };

type Parts = Restored & StatusTo & StatusFrom & ChangedFields;
/** Events of these types carry these parts of a filter, and not the others. */
type On<Types extends UserEventType, Carried extends keyof Parts = never> = { readonly types: readonly Types[] } & Pick<
  Parts,
  Carried
> & { readonly [Part in Exclude<keyof Parts, Carried>]?: never };

/**
 * Which user events to receive: of every field given one of the values must be there. A field that events of a chosen
 * type do not carry is a fault; without `types`, only events that carry it can match.
 */
export type UserEventFilter = Everywhere &
  (
    | ({ readonly types?: undefined } & Parts)
    | On<UserEventType>
    | On<WithStatus, 'statusTo'>
    | On<WithOldStatus, 'statusTo' | 'statusFrom'>
    | On<'user.created', 'statusTo' | 'restored'>
    | On<WithChanges, 'changedFields'>
    | On<'user.status_changed', 'statusTo' | 'statusFrom' | 'changedFields'>
  );
