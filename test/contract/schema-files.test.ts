import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detailJsonSchema, type JsonSchema } from '../../src/events/detail-json-schema.ts';
import { feedEventTypes } from '../../src/events/feed-event.ts';

/** Every schema inside of a schema, itself included. */
function schemasIn(schema: unknown): readonly JsonSchema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return [schema as JsonSchema, ...Object.values(schema).flatMap(schemasIn)];
}

describe.each(feedEventTypes)('the schema of %s', (type) => {
  it('is the one that is published', () => {
    const file = new URL(`../../docs/schemas/${type}.schema.json`, import.meta.url);

    expect(detailJsonSchema(type, 'draft-2020-12')).toStrictEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('has no name in the older dialect, the same fields, and nothing that is not known there', () => {
    const { $schema, $id, ...draft } = detailJsonSchema(type, 'draft-2020-12');
    const older = detailJsonSchema(type, 'openapi-3.0');

    expect(Object.keys(older)).toStrictEqual(Object.keys(draft));
    expect([older.title, older.description]).toStrictEqual([draft.title, draft.description]);
    expect(Object.keys(older.properties as object)).toStrictEqual(Object.keys(draft.properties as object));
    const [ofOlder, ofDraft] = [schemasIn(older), schemasIn(draft)];
    for (const schema of ofOlder) {
      for (const keyword of ['const', '$ref', 'allOf', 'propertyNames']) expect(schema).not.toHaveProperty(keyword);
      if (typeof schema.format === 'string') expect(schema).not.toHaveProperty('pattern');
    }
    const described = (schemas: readonly JsonSchema[]) => schemas.map(({ description }) => description).filter(Boolean);
    expect(described(ofOlder)).toStrictEqual(described(ofDraft));
    expect(ofOlder.some(({ exclusiveMinimum }) => exclusiveMinimum === true)).toBe(
      ofDraft.some(({ exclusiveMinimum }) => exclusiveMinimum === 0),
    );
  });
});
