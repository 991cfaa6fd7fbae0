import type * as z from 'zod/mini';
import { connectionEventSchema, connectionEventTypes, userEventTypes } from './feed-event.ts';
import { noticeEventSchema, noticeEventTypes } from './notice-event.ts';
import { userEventSchemas } from './user-event-schemas.ts';

/** The schema that an event of this type has to meet; undefined for a type this version does not know. */
export function eventSchemaOf(type: string): z.ZodMiniType | undefined {
  const userType = userEventTypes.find((known) => known === type);
  if (userType !== undefined) return userEventSchemas[userType];
  if (connectionEventTypes.some((known) => known === type)) return connectionEventSchema;
  return noticeEventTypes.some((known) => known === type) ? noticeEventSchema : undefined;
}
