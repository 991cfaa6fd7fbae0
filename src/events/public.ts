// The package's entry `user-change-feed/events`: what the feed publishes, for those who consume it. It runs anywhere:
// nothing of Node, nothing of AWS, and of other packages zod alone.
export { type Status, statuses } from '../model/canonical-user.ts';
export type { Origin } from '../model/change.ts';
export { FeedError, type FeedErrorCode, isFeedError } from '../model/feed-error.ts';
export type { FieldPath } from '../model/projected-field.ts';
export { canonicalUserSchema } from './canonical-user-schema.ts';
export { compareOrder, type EventPlace } from './compare-order.ts';
export { eventSchemaOf } from './event-schema-of.ts';
export { eventSchemaUri } from './event-schema-uri.ts';
export {
  connectionEventSchema,
  connectionEventTypes,
  eventSource,
  feedEventTypes,
  schemaVersion,
  userEventTypes,
} from './feed-event.ts';
export { isNewer, type KnownRevision } from './is-newer.ts';
export { isUserEvent } from './is-user-event.ts';
export { type KnownVendor, knownVendors } from './known-vendors.ts';
export { noticeEventSchema, noticeEventTypes } from './notice-event.ts';
export { parseFeedEvent } from './parse-feed-event.ts';
export { parseUserEvent } from './parse-user-event.ts';
export type {
  AnyUserEvent,
  CanonicalUser,
  ConnectionEvent,
  ConnectionRemoved,
  EventEnvelope,
  FeedEvent,
  HoldEvent,
  NoticeEvent,
  SweepCompleted,
  UserCreated,
  UserDeleted,
  UserEvent,
  UserStatusChanged,
  UserUpdated,
} from './published-event.ts';
export { toCdkPattern } from './to-cdk-pattern.ts';
export { type CloudEvent, toCloudEvent } from './to-cloud-event.ts';
export { type SecurityEventClaims, type TokenOptions, toSecurityEventToken } from './to-security-event-token.ts';
export type { NameMatch, OneOf, UserEventFilter, UserEventType } from './user-event-filter.ts';
export { type EventPattern, userEventPattern } from './user-event-pattern.ts';
export { userEventSchemas } from './user-event-schemas.ts';
