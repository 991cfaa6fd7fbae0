import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { eventSchemas } from '../../infra/event-schemas.ts';
import { detailJsonSchema, type JsonSchema } from '../../src/events/detail-json-schema.ts';
import { feedEventTypes } from '../../src/events/feed-event.ts';
import { fieldDescriptions } from '../../src/events/field-descriptions.ts';
import { sampleEnvelope } from '../../tools/contract/sample-envelope.ts';
import { sampleEvents } from '../../tools/contract/sample-events.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const details = sampleEvents().map((event) => [event.type, sampleEnvelope(event).detail] as const);

/** Paths of all fields below a schema; `[]` are members, `{}` values of free names. */
function pathsOf(schema: JsonSchema, path = ''): readonly string[] {
  const { properties = {}, items, additionalProperties } = schema as Record<string, Record<string, JsonSchema>>;
  const below = Object.entries(properties).flatMap(([name, field]) => {
    const place = path === '' ? name : `${path}.${name}`;
    return [place, ...pathsOf(field, place)];
  });
  return [
    ...below,
    ...(items ? pathsOf(items, `${path}[]`) : []),
    ...(additionalProperties ? pathsOf(additionalProperties, `${path}{}`) : []),
  ];
}

describe(detailJsonSchema, () => {
  const validators = new Map(
    feedEventTypes.map((type) => [type, ajv.compile(detailJsonSchema(type, 'draft-2020-12'))] as const),
  );

  it('has a sample of every type', () => {
    expect(details.map(([type]) => type).toSorted()).toStrictEqual([...feedEventTypes].toSorted());
  });

  it.each(details)('takes the detail of a %s as it is published', (type, detail) => {
    const validate = validators.get(type);

    expect(validate?.(detail)).toBe(true);
  });

  it.each(details)('refuses a %s without its data, its id, or with an id that is none', (type, detail) => {
    const validate = validators.get(type);
    const { eventId: _, ...metadata } = detail.metadata as { readonly eventId: string };

    expect(validate?.({ metadata: detail.metadata })).toBe(false);
    expect(validate?.({ ...detail, metadata })).toBe(false);
    expect(validate?.({ ...detail, metadata: { ...metadata, eventId: '4711' } })).toBe(false);
  });

  it('tells what each field means, and describes none that does not exist', () => {
    const paths = new Set(feedEventTypes.flatMap((type) => pathsOf(detailJsonSchema(type, 'draft-2020-12'))));

    expect([...paths].filter((path) => !Object.hasOwn(fieldDescriptions, path))).toStrictEqual([]);
    expect(Object.keys(fieldDescriptions).filter((path) => !paths.has(path))).toStrictEqual([]);
  });
});

describe(eventSchemas, () => {
  it('refers to nothing that its document does not hold, and says what fields mean', () => {
    for (const { content } of eventSchemas()) {
      const references = [...content.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);

      expect(references).toStrictEqual(['#/components/schemas/Detail']);
      expect(content).toContain(fieldDescriptions['metadata.eventId']);
    }
  });

  it.each(details)('describes the detail of a %s as it is published', (type, detail) => {
    const { content = '{}' } = eventSchemas().find(({ name }) => name === `user-change-feed@${type}`) ?? {};
    const { Detail } = JSON.parse(content).components.schemas;

    expect(Object.keys(detail)).toStrictEqual(expect.arrayContaining(Detail.required));
    expect(Detail.required).toStrictEqual(['metadata', 'data']);
  });
});
