import type * as z from 'zod/mini';
import type { canonicalUserSchema } from './canonical-user-schema.ts';
import type { connectionEventSchema, userEventSchema } from './feed-event.ts';
import type { KnownFields } from './known-fields.ts';
import type { noticeEventSchema } from './notice-event.ts';
import type { userEventSchemas } from './user-event-schemas.ts';

type Schemas = typeof userEventSchemas;
type EventOf<Type extends keyof Schemas> = KnownFields<z.infer<Schemas[Type]>>;

export type CanonicalUser = KnownFields<z.infer<typeof canonicalUserSchema>>;

export type UserCreated = EventOf<'user.created'>;
export type UserUpdated = EventOf<'user.updated'>;
export type UserStatusChanged = EventOf<'user.status_changed'>;
export type UserDeleted = EventOf<'user.deleted'>;
/** An event about one user. `event.type` tells the kinds apart. */
export type UserEvent = UserCreated | UserUpdated | UserStatusChanged | UserDeleted;
/** What all user events have in common, for code that does not tell them apart. */
export type AnyUserEvent = KnownFields<z.infer<typeof userEventSchema>>;

/** An event about a connection, with a place in its order. */
export type ConnectionEvent = KnownFields<z.infer<typeof connectionEventSchema>>;
export type SweepCompleted = Extract<
  ConnectionEvent,
  { readonly type: 'connection.baseline_completed' | 'connection.sweep_completed' }
>;
/** Changes were held, or a hold has ended. */
export type HoldEvent = Extract<ConnectionEvent, { readonly data: { readonly hold: { readonly holdId: string } } }>;
export type ConnectionRemoved = Extract<ConnectionEvent, { readonly type: 'connection.removed' }>;
/** Word of a connection's health, without a place in its order. */
export type NoticeEvent = KnownFields<z.infer<typeof noticeEventSchema>>;

/** Everything the feed publishes. */
export type FeedEvent = UserEvent | ConnectionEvent | NoticeEvent;

/** An event as EventBridge delivers it to rules' targets. */
export type EventEnvelope<Event extends FeedEvent = FeedEvent> = Event extends FeedEvent
  ? {
      readonly version: string;
      readonly id: string;
      readonly 'detail-type': Event['type'];
      readonly source: 'user-change-feed';
      readonly account: string;
      readonly time: string;
      readonly region: string;
      readonly resources: readonly string[];
      readonly detail: Omit<Event, 'type'>;
    }
  : never;
