import * as z from 'zod/mini';
import { eventSchemaOf } from './event-schema-of.ts';
import { eventSchemaUri } from './event-schema-uri.ts';
import type { feedEventTypes } from './feed-event.ts';
import { fieldDescriptions } from './field-descriptions.ts';
import { typeDescriptions } from './type-descriptions.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** The dialect: of JSON Schema itself, or the older one of OpenAPI 3.0, which EventBridge's registry takes. */
export type SchemaDialect = 'draft-2020-12' | 'openapi-3.0';

/** The JSON Schema of what stands in `detail` of a type of event, each field described. */
export function detailJsonSchema(type: (typeof feedEventTypes)[number], dialect: SchemaDialect): JsonSchema {
  const schema = eventSchemaOf(type);
  const event =
    schema && alternativesOf(z.toJSONSchema(schema, { target: dialect })).find((one) => typesOf(one).includes(type));
  if (event === undefined) throw new Error(`no schema is known of ${type}: expected a type of the contract`);
  const { type: _, ...properties } = event.properties as Record<string, JsonSchema>;
  const detail = plainSchema(
    { type: 'object', properties, required: Object.keys(properties), additionalProperties: {} },
    '',
  );
  const named = { title: type, description: typeDescriptions[type].replaceAll('`', '') };
  if (dialect === 'openapi-3.0') return { ...named, ...detail };
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: eventSchemaUri(type), ...named, ...detail };
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const members = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  return members === undefined ? [schema] : members.flatMap(alternativesOf);
}

function typesOf(event: JsonSchema): readonly unknown[] {
  const { type } = event.properties as {
    readonly type: { readonly enum?: readonly unknown[]; readonly const?: unknown };
  };
  return type.enum ?? [type.const];
}

/** Said by the type or the format already, or of a reference to "any JSON", for which an empty schema stands. */
const leftOut = new Set(['propertyNames', '$defs', 'definitions', '$ref', 'maximum']);

/** The schema with descriptions, and without what adds nothing to it. */
function plainSchema(schema: JsonSchema, path: string): JsonSchema {
  const described = fieldDescriptions[path];
  const keywords = Object.entries(schema)
    .filter(([keyword, value]) => !leftOut.has(keyword) && !isReference(value))
    .filter(([keyword]) => keyword !== 'pattern' || schema.format === undefined)
    .map(([keyword, value]) => [keyword, plainKeyword(keyword, value, path)]);
  return { ...(described !== undefined && { description: described }), ...Object.fromEntries(keywords) };
}

/** A reference beside other keywords, as OpenAPI 3.0 writes it: `allOf` with the reference alone. */
function isReference(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && Object.hasOwn(Object(value[0]), '$ref');
}

function plainKeyword(keyword: string, value: unknown, path: string): unknown {
  if (keyword === 'properties') {
    const fields = Object.entries(value as Record<string, JsonSchema>);
    return Object.fromEntries(
      fields.map(([name, field]) => [name, plainSchema(field, path === '' ? name : `${path}.${name}`)]),
    );
  }
  if (keyword === 'items') return plainSchema(value as JsonSchema, `${path}[]`);
  if (keyword === 'additionalProperties') return plainSchema(value as JsonSchema, `${path}{}`);
  return value;
}
