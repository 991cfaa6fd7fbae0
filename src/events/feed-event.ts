import * as z from 'zod/mini';
import { statuses } from '../model/canonical-user.ts';
import { changeTypes } from '../model/change.ts';
import { canonicalUserSchema } from './canonical-user-schema.ts';
import { noticeEventSchema, noticeEventTypes } from './notice-event.ts';

/** The version of the published schemas. Within a major version changes are additive only. */
export const schemaVersion = '1.0';
/** `Source` of every entry on the bus. */
export const eventSource = 'user-change-feed';

export const userEventTypes = ['user.created', 'user.updated', 'user.status_changed', 'user.deleted'] as const;
const completionEventTypes = ['connection.baseline_completed', 'connection.sweep_completed'] as const;
const holdEventTypes = [
  'connection.changes_held',
  'connection.changes_released',
  'connection.changes_rejected',
  'connection.changes_dissolved',
] as const;
export const connectionEventTypes = [...completionEventTypes, ...holdEventTypes, 'connection.removed'] as const;
/** Everything that can stand in `detail-type`. */
export const feedEventTypes = [...userEventTypes, ...connectionEventTypes, ...noticeEventTypes] as const;

const time = z.iso.datetime();
const count = z.int().check(z.nonnegative());
const positive = z.int().check(z.positive());

const sweepSchema = z.looseObject({
  sweepId: z.string(),
  /** Open, like reasons: a consumer of this version must outlive a kind of sweep that a later one adds. */
  mode: z.string(),
  startedAt: time,
  complete: z.boolean(),
  usersSeen: count,
});

const commonMetadata = {
  eventId: z.uuid(),
  schemaVersion: z.string(),
  connectionId: z.string(),
  tenantId: z.string(),
  vendor: z.string(),
  mappingVersion: positive,
  epoch: positive,
  sequence: positive,
  origin: z.enum(['live', 'baseline', 'resync', 'repair', 'replay']),
  observedAt: time,
};
const sweepMetadata = { ...commonMetadata, sweep: sweepSchema };

export const userMetadataSchema = z.looseObject({
  ...sweepMetadata,
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

/** What stands in `data` of user events; which of it on which type, `user-event-schemas.ts` says. */
export const userFields = {
  user: canonicalUserSchema,
  before: z.optional(z.record(z.string(), z.json())),
  changedFields: z.array(z.string()),
  changes: z.array(fieldChangeSchema),
  status: z.optional(statusChangeSchema),
  restored: z.optional(z.literal(true)),
  thin: z.optional(z.literal(true)),
  truncated: z.optional(z.array(z.string())),
  truncatedValues: z.optional(z.record(z.string(), truncatedValueSchema)),
};

/** `Detail` of a user event as it is composed, whatever its type. */
export const userEventSchema = z.looseObject({
  type: z.enum(userEventTypes),
  metadata: userMetadataSchema,
  data: z.looseObject(userFields),
});

const holdSchema = z.looseObject({
  holdId: z.string(),
  kind: z.enum(changeTypes),
  reason: z.string(),
  count,
  fields: z.optional(z.array(z.string())),
  brake: z.optional(z.looseObject({ found: count, recent: count, limit: count, liveUsers: count })),
  ending: z.optional(z.string()),
});

/** `Detail` of an event about a connection. Its removal comes from no sweep. */
export const connectionEventSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.enum(completionEventTypes),
    metadata: z.looseObject(sweepMetadata),
    data: z.looseObject({ users: count }),
  }),
  z.looseObject({
    type: z.enum(holdEventTypes),
    metadata: z.looseObject(sweepMetadata),
    data: z.looseObject({ users: count, hold: holdSchema }),
  }),
  z.looseObject({
    type: z.literal('connection.removed'),
    metadata: z.looseObject({ ...commonMetadata, sweep: z.optional(sweepSchema) }),
    data: z.looseObject({}),
  }),
]);

/** Everything this feed publishes, as `type` (the detail type) and `Detail`. */
export const feedEventSchema = z.union([userEventSchema, connectionEventSchema, noticeEventSchema]);

export type EventHold = z.infer<typeof holdSchema>;
export type UserEvent = z.infer<typeof userEventSchema>;
export type ConnectionEvent = z.infer<typeof connectionEventSchema>;
/** An event of the log: it has a place in the order of its connection. */
export type FeedEvent = UserEvent | ConnectionEvent;
