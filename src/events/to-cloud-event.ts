import { eventSchemaUri } from './event-schema-uri.ts';

/** What a CloudEvent is made of; every event of the feed has it. */
type Renderable = {
  readonly type: string;
  readonly metadata: {
    readonly eventId: string;
    readonly connectionId: string;
    readonly tenantId: string;
    readonly vendor: string;
    readonly epoch: number;
    readonly origin: string;
    readonly observedAt: string;
    readonly sequence?: unknown;
    readonly revision?: unknown;
    readonly userId?: unknown;
  };
  readonly data: object;
};

/** An event of the feed as CloudEvents has it, in JSON format. `tenantid` and below are extension attributes. */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly data: { readonly metadata: object; readonly data: object };
  readonly tenantid: string;
  readonly vendor: string;
  readonly origin: string;
  readonly epoch: number;
  readonly revision?: number;
  readonly sequence?: string;
};

/**
 * An event of the feed as a CloudEvent. `time` is always when the feed observed it: a source must mean one thing by it.
 * Source: github.com/cloudevents/spec, v1.0.2 and its extension "sequence", whose value has to sort as text.
 */
export function toCloudEvent({ type, metadata, data }: Renderable): CloudEvent {
  const { sequence, revision, userId } = metadata;
  return {
    specversion: '1.0',
    id: metadata.eventId,
    source: `urn:user-change-feed:connection:${encodeURIComponent(metadata.connectionId.toWellFormed())}`,
    type,
    ...(typeof userId === 'string' && { subject: userId }),
    time: metadata.observedAt,
    datacontenttype: 'application/json',
    dataschema: eventSchemaUri(type),
    data: { metadata, data },
    tenantid: metadata.tenantId,
    vendor: metadata.vendor,
    origin: metadata.origin,
    epoch: metadata.epoch,
    ...(typeof revision === 'number' && { revision }),
    ...(typeof sequence === 'number' && { sequence: `${padded(metadata.epoch, 6)}-${padded(sequence, 16)}` }),
  };
}

function padded(count: number, digits: number): string {
  return String(count).padStart(digits, '0');
}
