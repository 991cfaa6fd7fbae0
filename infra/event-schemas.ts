import { detailJsonSchema } from '../src/events/detail-json-schema.ts';
import { eventSource, feedEventTypes, schemaVersion } from '../src/events/feed-event.ts';

/** A schema as EventBridge's registry keeps it: its name and an OpenAPI document. */
export type EventSchema = { readonly name: string; readonly content: string };

/** The schema of each detail type that is published, from the one contract of `src/events`. */
export function eventSchemas(): readonly EventSchema[] {
  return feedEventTypes.map((type) => ({
    name: `${eventSource}@${type}`,
    content: JSON.stringify(document(type)),
  }));
}

/** Source: docs.aws.amazon.com/eventbridge, "Schemas": `AWSEvent` is the envelope that code bindings are made of. */
function document(type: (typeof feedEventTypes)[number]) {
  const text = { type: 'string' };
  const detail = detailJsonSchema(type, 'openapi-3.0');
  return {
    openapi: '3.0.0',
    info: { version: schemaVersion, title: type, description: detail.description },
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
        Detail: detail,
      },
    },
  };
}
