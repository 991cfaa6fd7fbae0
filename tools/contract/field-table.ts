import { detailJsonSchema, type JsonSchema } from '../../src/events/detail-json-schema.ts';
import type { feedEventTypes } from '../../src/events/feed-event.ts';

type EventType = (typeof feedEventTypes)[number];
type Field = { readonly schema: JsonSchema; readonly isRequired: boolean };

/** A table of the fields below a path, as far as these types have them; deeper ones stand in it with their path. */
export function fieldTable(types: readonly EventType[], root: string, without: readonly string[] = []): string {
  const perType = types.map((type) => fieldsOf(detailJsonSchema(type, 'draft-2020-12')));
  const paths = [...new Set(perType.flatMap((fields) => [...fields.keys()]))].filter(
    (path) => path.startsWith(`${root}.`) && !without.some((left) => path.startsWith(`${left}.`)),
  );
  const typesWith = (path: string) => types.filter((_, at) => perType[at]?.has(path));
  const rows = paths.map((path) => {
    const having = typesWith(path);
    const fields = perType.flatMap((fields) => fields.get(path) ?? []);
    const isAlways = fields.every(({ isRequired }) => isRequired);
    // What holds a field says on which types it is; the field only where it is on fewer.
    const parent = typesWith(path.replace(/(\[\])?\.[^.]*$/, ''));
    const isEverywhere = having.length === (parent.length === 0 ? types : parent).length;
    const on = isEverywhere ? '' : ` On ${having.map((type) => `\`${type}\``).join(', ')}.`;
    const description = String(fields[0]?.schema.description ?? '').replaceAll('<', '\\<');
    return `| \`${path.slice(root.length + 1)}\` | ${typeText(fields[0]?.schema)} | ${isAlways ? 'always' : ''} | ${description}${on} |`;
  });
  return ['| field | type | | |', '|---|---|---|---|', ...rows].join('\n');
}

function fieldsOf(schema: JsonSchema, path = ''): ReadonlyMap<string, Field> {
  const {
    properties = {},
    required = [],
    items,
  } = schema as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
    readonly items?: JsonSchema;
  };
  const below = Object.entries(properties).flatMap(([name, field]) => {
    const place = path === '' ? name : `${path}.${name}`;
    return [[place, { schema: field, isRequired: required.includes(name) }] as const, ...fieldsOf(field, place)];
  });
  return new Map([...below, ...(items ? fieldsOf(items, `${path}[]`) : [])]);
}

function typeText(schema: JsonSchema = {}): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${value}\``).join(' ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.type === 'array') return `list of ${typeText(schema.items as JsonSchema)}`;
  return String(schema.format ?? schema.type ?? 'any JSON');
}
