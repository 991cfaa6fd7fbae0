import * as z from 'zod/mini';

/** What the dispatcher tells of a connection's health, beside the log: these events have no place in its order. */
export const noticeEventTypes = ['connection.failing', 'connection.stale', 'connection.recovered'] as const;

const time = z.iso.datetime();
const count = z.int().check(z.nonnegative());

const noticeMetadataSchema = z.looseObject({
  eventId: z.uuid(),
  schemaVersion: z.string(),
  connectionId: z.string(),
  tenantId: z.string(),
  vendor: z.string(),
  epoch: z.int().check(z.positive()),
  origin: z.literal('live'),
  observedAt: time,
});

/** `Detail` of a notice: since when, and for a failing connection why. */
export const noticeEventSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('connection.failing'),
    metadata: noticeMetadataSchema,
    data: z.looseObject({
      since: time,
      reason: z.looseObject({ code: z.string() }),
      failures: count,
      lastCompleteAt: z.optional(time),
    }),
  }),
  z.looseObject({
    type: z.enum(['connection.stale', 'connection.recovered']),
    metadata: noticeMetadataSchema,
    data: z.looseObject({ since: time, lastCompleteAt: z.optional(time) }),
  }),
]);

export type NoticeEvent = z.infer<typeof noticeEventSchema>;
