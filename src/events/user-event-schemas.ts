import * as z from 'zod/mini';
import { statuses } from '../model/canonical-user.ts';
import { statusChangeSchema, userFields, userMetadataSchema } from './feed-event.ts';

const { before, status: _, restored, ...everywhere } = userFields;
const firstStatusSchema = z.looseObject({ to: z.enum(statuses), rawTo: z.optional(z.string()) });

/** `Detail` of each user event, told apart by `type`: what consumers can rely on for that type. */
export const userEventSchemas = {
  'user.created': z.looseObject({
    type: z.literal('user.created'),
    metadata: userMetadataSchema,
    data: z.looseObject({ ...everywhere, status: z.optional(firstStatusSchema), restored }),
  }),
  'user.updated': z.looseObject({
    type: z.literal('user.updated'),
    metadata: userMetadataSchema,
    data: z.looseObject({ ...everywhere, before }),
  }),
  'user.status_changed': z.looseObject({
    type: z.literal('user.status_changed'),
    metadata: userMetadataSchema,
    data: z.looseObject({ ...everywhere, before, status: statusChangeSchema }),
  }),
  'user.deleted': z.looseObject({
    type: z.literal('user.deleted'),
    metadata: userMetadataSchema,
    data: z.looseObject({ ...everywhere, before, status: z.optional(statusChangeSchema) }),
  }),
} as const;
