import type { Json, JsonObject } from '../../model/json.ts';

/**
 * Query parameters with brackets for what is nested: `a[b]=1`, `a[]=1`. Where a list holds objects its members are
 * numbered, `a[0][b]=1`: with empty brackets two fields of one object look like two objects. `null` asks for nothing.
 */
export function writeNestedQuery(parameters: JsonObject): readonly (readonly [name: string, value: string])[] {
  return Object.entries(parameters).flatMap(([name, value]) => writeMember(name, value));
}

function writeMember(name: string, value: Json): readonly (readonly [string, string])[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [[name, String(value)]];
  if (!isList(value)) return Object.entries(value).flatMap(([key, member]) => writeMember(`${name}[${key}]`, member));
  const isNumbered = value.some((member) => typeof member === 'object');
  return value.flatMap((member, index) => writeMember(`${name}[${isNumbered ? index : ''}]`, member));
}

function isList(value: JsonObject | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}
