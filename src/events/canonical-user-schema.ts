import * as z from 'zod/mini';
import { statuses } from '../model/canonical-user.ts';

const text = z.optional(z.string());
const time = z.optional(z.iso.datetime());
const references = z.optional(z.array(z.looseObject({ id: text, name: text })));

/** The canonical user as it is published. Consumers ignore fields they do not know. */
export const canonicalUserSchema = z.looseObject({
  id: z.string(),
  userName: text,
  displayName: text,
  givenName: text,
  familyName: text,
  title: text,
  emails: z.optional(z.array(z.looseObject({ value: z.string(), type: text, primary: z.optional(z.boolean()) }))),
  phones: z.optional(z.array(z.looseObject({ value: z.string(), type: text, extension: text }))),
  status: z.enum(statuses),
  rawStatus: text,
  userType: text,
  roles: z.optional(
    z.array(z.looseObject({ id: text, name: text, scope: z.optional(z.record(z.string(), z.json())) })),
  ),
  groups: references,
  organizations: references,
  workspaces: references,
  licenses: references,
  externalId: text,
  identifiers: z.optional(z.record(z.string(), z.json())),
  emailVerified: z.optional(z.boolean()),
  mfaEnabled: z.optional(z.boolean()),
  language: text,
  languages: z.optional(z.array(z.string())),
  timezone: text,
  avatar: text,
  bio: text,
  urls: z.optional(z.array(z.looseObject({ value: z.string(), type: text }))),
  createdAt: time,
  updatedAt: time,
  lastActiveAt: time,
  lastLoginAt: time,
  statusChangedAt: time,
  activatedAt: time,
  vendorAttributes: z.optional(z.record(z.string(), z.json())),
});
