import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import type { ProtectedField } from '../../src/model/protection.ts';
import { everyField } from './arbitraries.ts';

/** The fields that a protection can name. */
export const protectable: readonly ProtectedField[] = everyField
  .map(({ path }) => path)
  .filter((path) => path !== 'rawStatus');
const numberOfPath = (path: string) => everyField.findIndex((field) => field.path === path) + 10;

/** What every text, every number and every instant of a marked field holds; never part of another field's. */
export function marksOf(path: ProtectedField): readonly string[] {
  const number = numberOfPath(path);
  return [`«${number}»`, `8271828${number}`, `1971-03-04T05:06:${number}.`];
}

/** The user with marks in every value that could tell something of him; flags cannot hold one. */
export function marked(user: CanonicalUser): CanonicalUser {
  const { id, status, vendorAttributes, ...fields } = user;
  const own = Object.entries(fields).map(([name, value]) => [name, markField(name, value)]);
  const attributes = Object.entries(vendorAttributes ?? {}).map(([name, value]) => [
    name,
    markValue(value, numberOfPath(`vendorAttributes.${name}`)),
  ]);
  return {
    id,
    status,
    ...Object.fromEntries(own),
    ...(vendorAttributes && { vendorAttributes: Object.fromEntries(attributes) }),
  };
}

function markField(name: string, value: unknown): unknown {
  const number = numberOfPath(name);
  if (name.endsWith('At')) return String(value).replace(/^.*\./, `1971-03-04T05:06:${number}.`);
  if (!Array.isArray(value) || !['emails', 'phones', 'urls'].includes(name)) return markValue(value, number);
  return value.map(({ type, ...member }) => ({ ...(markValue(member, number) as object), ...(type && { type }) }));
}

function markValue(value: unknown, number: number): unknown {
  if (typeof value === 'string') return `${value}«${number}»`;
  if (typeof value === 'number') return Number(`8271828${number}${Math.abs(value) % 1000}`);
  if (Array.isArray(value)) return value.map((member) => markValue(member, number));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, markValue(member, number)]));
}
