import { isDeepStrictEqual } from 'node:util';

/** A value as DynamoDB's protocol writes it, e.g. `{"S":"text"}`. */
export type AttributeValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: true;
  readonly M?: Attributes;
  readonly L?: readonly AttributeValue[];
};
export type Attributes = { readonly [name: string]: AttributeValue };

export function isSameValue(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.N !== undefined && other.N !== undefined) return Number(one.N) === Number(other.N);
  return isDeepStrictEqual(one, other);
}

/** The order of two values of one type; undefined where they have none. */
export function compareValues(one: AttributeValue | undefined, other: AttributeValue | undefined): number | undefined {
  if (one?.N !== undefined && other?.N !== undefined) return Number(one.N) - Number(other.N);
  if (one?.S !== undefined && other?.S !== undefined) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if (one?.B !== undefined && other?.B !== undefined)
    return Buffer.compare(Buffer.from(one.B, 'base64'), Buffer.from(other.B, 'base64'));
  return undefined;
}

/** What `size(…)` says of a value. */
export function sizeOfValue(value: AttributeValue): number {
  if (value.M !== undefined) return Object.keys(value.M).length;
  if (value.L !== undefined) return value.L.length;
  if (value.B !== undefined) return Buffer.from(value.B, 'base64').length;
  return Buffer.byteLength(value.S ?? '');
}
