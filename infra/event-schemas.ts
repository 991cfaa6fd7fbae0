import * as z from 'zod/mini';
import { eventSource, feedEventSchema, schemaVersion } from '../src/events/feed-event.ts';

/** A schema as EventBridge's registry keeps it: its name and an OpenAPI document. */
export type EventSchema = { readonly name: string; readonly content: string };

type JsonSchema = { readonly [keyword: string]: unknown };

/** The schema of each detail type that is published, from the one contract of `src/events`. */
export function eventSchemas(): readonly EventSchema[] {
  const contract = z.toJSONSchema(feedEventSchema, { target: 'openapi-3.0', io: 'input' }) as JsonSchema;
  return alternativesOf(contract).flatMap((detail) =>
    typesOf(detail).map((type) => ({
      name: `${eventSource}@${type}`,
      content: JSON.stringify(document(type, detail)),
    })),
  );
}

/** A union's members, and theirs. */
function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const members = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  return members === undefined ? [schema] : members.flatMap(alternativesOf);
}

/** The detail types that an alternative describes. */
function typesOf(detail: JsonSchema): readonly string[] {
  const { type } = detail.properties as {
    readonly type: { readonly enum?: readonly string[]; readonly const?: string };
  };
  const types = type.enum ?? (type.const === undefined ? [] : [type.const]);
  if (types.length === 0) throw new Error('an event of the contract does not say of which types it is');
  return types;
}

/** Source: docs.aws.amazon.com/eventbridge, "Schemas": `AWSEvent` is the envelope that code bindings are made of. */
function document(type: string, detail: JsonSchema) {
  const text = { type: 'string' };
  const properties = detail.properties as JsonSchema;
  const detailOfType = { ...detail, properties: { ...properties, type: { type: 'string', enum: [type] } } };
  return {
    openapi: '3.0.0',
    info: { version: schemaVersion, title: type },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: 'object',
          required: ['detail-type', 'resources', 'detail', 'id', 'source', 'time', 'region', 'version', 'account'],
          'x-amazon-events-detail-type': type,
          'x-amazon-events-source': eventSource,
          properties: {
            detail: { $ref: '#/components/schemas/Detail' },
            account: text,
            'detail-type': text,
            id: text,
            region: text,
            resources: { type: 'array', items: text },
            source: text,
            time: { type: 'string', format: 'date-time' },
            version: text,
          },
        },
        Detail: detailOfType,
      },
    },
  };
}
