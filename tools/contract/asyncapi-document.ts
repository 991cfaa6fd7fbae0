import { detailJsonSchema, type JsonSchema } from '../../src/events/detail-json-schema.ts';
import {
  connectionEventTypes,
  eventSource,
  feedEventTypes,
  schemaVersion,
  userEventTypes,
} from '../../src/events/feed-event.ts';
import { noticeEventTypes } from '../../src/events/notice-event.ts';
import { typeDescriptions } from '../../src/events/type-descriptions.ts';
import { sampleEnvelope } from './sample-envelope.ts';
import { sampleEvents } from './sample-events.ts';

type EventType = (typeof feedEventTypes)[number];

const channels: Readonly<Record<string, { readonly description: string; readonly types: readonly EventType[] }>> = {
  users: { description: 'Changes of users, in the order of their connection.', types: userEventTypes },
  connections: { description: 'What became of a connection and its sweeps.', types: connectionEventTypes },
  notices: { description: 'Word of a connection’s health, beside its order.', types: noticeEventTypes },
};

/** The AsyncAPI 3.0 document: the feed sends, over one EventBridge bus; what AWS wraps around `detail` are headers. */
export function asyncapiDocument() {
  return {
    asyncapi: '3.0.0',
    id: 'urn:user-change-feed',
    info: {
      title: 'User change feed',
      version: `${schemaVersion}.0`,
      description:
        'Changes of users in systems that tell nobody. At least once, in no order: metadata.eventId tells duplicates, ' +
        'metadata.revision what is newer. Each document of JSON Schema is also in docs/schemas.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      Object.entries(channels).map(([name, { description, types }]) => [
        name,
        {
          address: eventSource,
          title: name,
          description: `${description} The address is the name of the event bus, by default that of the stack.`,
          messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
        },
      ]),
    ),
    operations: Object.fromEntries(
      Object.entries(channels).map(([name, { description, types }]) => [
        `send-${name}`,
        {
          action: 'send',
          channel: { $ref: `#/channels/${name}` },
          summary: description,
          messages: types.map((type) => ({ $ref: `#/channels/${name}/messages/${type}` })),
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(feedEventTypes.map((type) => [type, message(type)])),
      schemas: { envelope, user: userOf(detailJsonSchema('user.created', 'draft-2020-12')) },
    },
  };
}

const text = { type: 'string' };

/** Source: AWS EventBridge user guide, "Event structure reference". */
const envelope = {
  type: 'object',
  description: 'What EventBridge delivers around detail.',
  required: ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources'],
  properties: {
    version: text,
    id: {
      ...text,
      description: 'Of the delivery to the bus: another one on every try. For duplicates use metadata.eventId.',
    },
    'detail-type': { ...text, description: 'The type of the event.' },
    source: { ...text, const: eventSource },
    account: text,
    time: { ...text, format: 'date-time', description: 'metadata.observedAt, without fractions of a second.' },
    region: text,
    resources: { type: 'array', items: text, description: 'urn:user-change-feed:connection:<connectionId>' },
  },
};

function message(type: EventType) {
  const event = sampleEvents().find((sample) => sample.type === type);
  if (event === undefined) throw new Error(`no sample of ${type}: add one to sample-events.ts`);
  const { detail, ...headers } = sampleEnvelope(event);
  // Dialect and id would make the reader resolve references elsewhere; the schema has none.
  const { $schema: _, $id: __, ...schema } = detailJsonSchema(type, 'draft-2020-12');
  const payload = userOf(schema) === undefined ? schema : withUser(schema, { $ref: '#/components/schemas/user' });
  return {
    name: type,
    title: type,
    summary: typeDescriptions[type],
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/envelope' },
    payload,
    examples: [{ name: type, headers, payload: detail }],
  };
}

type DataSchema = { readonly properties: { readonly data: { readonly properties: JsonSchema } } };

function userOf(detail: JsonSchema): unknown {
  return (detail as DataSchema).properties.data.properties.user;
}

function withUser(detail: JsonSchema, user: JsonSchema): JsonSchema {
  const { data, ...rest } = (detail as DataSchema).properties;
  return { ...detail, properties: { ...rest, data: { ...data, properties: { ...data.properties, user } } } };
}
