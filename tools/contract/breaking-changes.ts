import type { JsonSchema } from '../../src/events/detail-json-schema.ts';

/** What a schema may say for two of them to be compared; anything else is reported rather than passed over. */
const known = new Set([
  ...['$schema', '$id', 'title', 'description', 'type', 'properties', 'required', 'items', 'additionalProperties'],
  ...['enum', 'const', 'format', 'pattern', 'minimum', 'exclusiveMinimum', 'minLength', 'minItems'],
]);
/** Promises on a value, which may become stricter and never laxer; numbers may rise. */
const bounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];

/**
 * What a consumer who relies on one schema of an event would miss in events of the other, one line each. For an output
 * contract, the opposite of an input: fields and promises may be added, and none may be taken away. A set of values that
 * is spelt out may neither shrink nor grow: somebody waits for each of its values, and somebody tells them all apart.
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, path = ''): readonly string[] {
  return [
    ...strangeKeywords(before, after),
    ...changedType(before, after),
    ...changedValues(before, after),
    ...laxerBounds(before, after),
  ]
    .map((change) => `${path === '' ? 'the detail' : path} ${change}`)
    .concat(changesBelow(before, after, path));
}

function strangeKeywords(...schemas: readonly JsonSchema[]): readonly string[] {
  const strange = schemas.flatMap((schema) => Object.keys(schema)).filter((keyword) => !known.has(keyword));
  return [...new Set(strange)].map((keyword) => `cannot be compared: ${keyword}`);
}

function changedType(before: JsonSchema, after: JsonSchema): readonly string[] {
  return ['type', 'format', 'pattern']
    .filter((keyword) => before[keyword] !== undefined && before[keyword] !== after[keyword])
    .map((keyword) => `had ${keyword} ${String(before[keyword])}, has ${String(after[keyword] ?? 'none')}`);
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum;
  return schema.const === undefined ? undefined : [schema.const];
}

function changedValues(before: JsonSchema, after: JsonSchema): readonly string[] {
  const old = valuesOf(before);
  const present = valuesOf(after);
  if (old === undefined) return [];
  if (present === undefined) return ['was a closed set, is open'];
  return [
    ...old.filter((value) => !present.includes(value)).map((value) => `lost the value ${String(value)}`),
    ...present.filter((value) => !old.includes(value)).map((value) => `got the value ${String(value)}`),
  ];
}

function laxerBounds(before: JsonSchema, after: JsonSchema): readonly string[] {
  return bounds
    .filter((bound) => before[bound] !== undefined && Number(after[bound] ?? -Infinity) < Number(before[bound]))
    .map((bound) => `had ${bound} ${String(before[bound])}, has ${String(after[bound] ?? 'none')}`);
}

type Holder = {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
};

function changesBelow(before: Holder, after: Holder, path: string): readonly string[] {
  const fields = Object.entries(before.properties ?? {}).flatMap(([name, field]) => {
    const place = path === '' ? name : `${path}.${name}`;
    const present = after.properties?.[name];
    if (present === undefined) return [`${place} is gone`];
    const wasAlways = before.required?.includes(name) && !after.required?.includes(name);
    return [
      ...(wasAlways ? [`${place} was always there, and may be absent`] : []),
      ...breakingChanges(field, present, place),
    ];
  });
  const members = before.items ? breakingChanges(before.items, after.items ?? {}, `${path}[]`) : [];
  const others = before.additionalProperties
    ? breakingChanges(before.additionalProperties, after.additionalProperties ?? {}, `${path}{}`)
    : [];
  return [...fields, ...members, ...others];
}
