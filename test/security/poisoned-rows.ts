import type { HttpJson } from '../../src/vendors/http/http-client.ts';

type Json = unknown;

/** Every key that stands anywhere in an answer, those of pages as well as those of rows. */
export function keysOf(json: Json, found = new Set<string>()): ReadonlySet<string> {
  if (typeof json !== 'object' || json === null) return found;
  for (const [key, value] of Object.entries(json)) {
    if (!Array.isArray(json)) found.add(key);
    keysOf(value, found);
  }
  return found;
}

/** An answer in which every value of a key is the poison. */
export function poison(answer: HttpJson, key: string, value: Json): HttpJson {
  return { ...answer, body: replace(answer.body, key, value) };
}

function replace(json: Json, key: string, value: Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((member) => replace(member, key, value));
  const members = Object.entries(json).map(([name, member]) => [
    name,
    name === key ? value : replace(member, key, value),
  ]);
  return Object.fromEntries(members);
}

/** A document in which every object is what `change` makes of it, the innermost first. */
export function mapObjects(json: Json, change: (object: object) => object): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((member) => mapObjects(member, change));
  return change(Object.fromEntries(Object.entries(json).map(([name, member]) => [name, mapObjects(member, change)])));
}
