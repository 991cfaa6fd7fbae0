import * as z from 'zod/mini';
import { FeedError } from '../model/feed-error.ts';
import { describeMismatch } from './describe-mismatch.ts';
import { eventSchemaOf } from './event-schema-of.ts';
import { schemaVersion } from './feed-event.ts';
import type { FeedEvent } from './published-event.ts';
import { unwrapEvent } from './unwrap-event.ts';

const majorOf = (version: string) => version.split('.')[0];

/**
 * An event of the feed out of an EventBridge envelope (object or JSON text), an SQS or SNS record, or what `detail` holds
 * together with its type. Fields that this version does not know are passed on.
 * @throws event.invalid naming the path and what is expected there, and no value: values are people
 * @throws event.unknown_type for a type of a later minor version: skip it
 * @throws event.other_version for another major version: update this package
 */
export function parseFeedEvent(input: unknown): FeedEvent {
  const { type, metadata, data } = unwrapEvent(input);
  refuseOtherVersion(type, metadata);
  const schema = eventSchemaOf(type);
  if (schema === undefined) throw unknownType(type);
  const parsed = z.safeParse(schema, { type, metadata, data });
  // What arrived, not zod's copy, which leaves out a key of the name `__proto__`.
  if (parsed.success) return { type, metadata, data } as FeedEvent;
  const { path, expected } = describeMismatch(parsed.error.issues);
  throw new FeedError('event.invalid', `not a ${type} of schema version ${schemaVersion} at ${path}: ${expected}`, {
    path,
  });
}

function refuseOtherVersion(type: string, metadata: unknown): void {
  const version = z.safeParse(z.looseObject({ schemaVersion: z.string() }), metadata);
  if (!version.success || majorOf(version.data.schemaVersion) === majorOf(schemaVersion)) return;
  const said = /^\d[\d.]{0,19}$/.test(version.data.schemaVersion) ? version.data.schemaVersion : 'unreadable';
  const message = `${shortType(type)} has schema version ${said}, this package reads ${schemaVersion}: update it`;
  throw new FeedError('event.other_version', message, { schemaVersion: said });
}

function unknownType(type: string): FeedError {
  const said = shortType(type);
  if (/^(user|connection)\./.test(said))
    return new FeedError('event.unknown_type', `${said} is not known to schema version ${schemaVersion}: skip it`, {
      type: said,
    });
  return new FeedError('event.invalid', 'not an event of the feed at detail-type: expected user.… or connection.…', {
    path: 'detail-type',
  });
}

/** A type as far as it looks like one: what else stands there may be anything. */
function shortType(type: string): string {
  return /^[a-z_]+(\.[a-z_]+)+$/.test(type) && type.length <= 100 ? type : 'an event of unreadable type';
}
