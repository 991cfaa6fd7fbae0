import * as z from 'zod/mini';
import { statuses } from '../model/canonical-user.ts';
import { canonicalUserSchema } from './canonical-user-schema.ts';

/** The version of the published schemas. Within a major version changes are additive only. */
export const schemaVersion = '1.0';
/** `Source` of every entry on the bus. */
export const eventSource = 'user-change-feed';

export const userEventTypes = ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'] as const;
export const connectionEventTypes = ['connection.baseline_completed', 'connection.sweep_completed'] as const;

const time = z.iso.datetime();
const count = z.int().check(z.nonnegative());
const positive = z.int().check(z.positive());

const sweepSchema = z.looseObject({
  sweepId: z.string(),
  mode: z.enum(['full']),
  startedAt: time,
  complete: z.boolean(),
  usersSeen: count,
});

const connectionMetadata = {
  eventId: z.uuid(),
  schemaVersion: z.string(),
  connectionId: z.string(),
  tenantId: z.string(),
  vendor: z.string(),
  mappingVersion: positive,
  epoch: positive,
  sequence: positive,
  origin: z.enum(['live', 'baseline', 'resync', 'repair', 'replay']),
  sweep: sweepSchema,
  observedAt: time,
};

const userMetadataSchema = z.looseObject({
  ...connectionMetadata,
  userId: z.string(),
  revision: positive,
  occurredAt: z.optional(time),
  window: z.looseObject({ notBefore: z.optional(time), notAfter: time }),
  reason: z.looseObject({ code: z.string(), evidence: z.optional(z.record(z.string(), z.json())) }),
});

export const statusChangeSchema = z.looseObject({
  from: z.optional(z.enum(statuses)),
  to: z.enum(statuses),
  rawFrom: z.optional(z.string()),
  rawTo: z.optional(z.string()),
});

const fieldChangeSchema = z.looseObject({
  field: z.string(),
  op: z.enum(['add', 'remove', 'replace']),
  from: z.optional(z.json()),
  to: z.optional(z.json()),
});

const truncatedValueSchema = z.looseObject({ count, digest: z.string() });

const userDataSchema = z.looseObject({
  user: canonicalUserSchema,
  before: z.optional(z.record(z.string(), z.json())),
  changedFields: z.array(z.string()),
  changes: z.array(fieldChangeSchema),
  status: z.optional(statusChangeSchema),
  restored: z.optional(z.literal(true)),
  truncated: z.optional(z.array(z.string())),
  truncatedValues: z.optional(z.record(z.string(), truncatedValueSchema)),
});

/** `Detail` of a user event. */
export const userEventSchema = z.looseObject({
  type: z.enum(userEventTypes),
  metadata: userMetadataSchema,
  data: userDataSchema,
});

/** `Detail` of an event about a connection. */
export const connectionEventSchema = z.looseObject({
  type: z.enum(connectionEventTypes),
  metadata: z.looseObject(connectionMetadata),
  data: z.looseObject({ users: count }),
});

/** Everything this feed publishes, as `type` (the detail type) and `Detail`. */
export const feedEventSchema = z.union([userEventSchema, connectionEventSchema]);

export type UserEvent = z.infer<typeof userEventSchema>;
export type ConnectionEvent = z.infer<typeof connectionEventSchema>;
export type FeedEvent = UserEvent | ConnectionEvent;
