import { schemaVersion } from './feed-event.ts';

/** The name of the schema of a type's `detail`, the same for all minor versions. */
export function eventSchemaUri(type: string): string {
  return `urn:user-change-feed:schema:${schemaVersion.split('.')[0]}:${type}`;
}
