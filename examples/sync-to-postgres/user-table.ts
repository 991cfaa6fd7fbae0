import type { UserEvent } from '../../src/events/public.ts';

/** What this example needs of PostgreSQL: `pg` and PGlite have it as it is. */
export type Database = {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
};

/** A row stays when its user leaves, without what it said of him: the revision must outlive him. */
export const createUserTable = `
  CREATE TABLE IF NOT EXISTS feed_users (
    connection_id text NOT NULL,
    user_id text NOT NULL,
    epoch integer NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    present boolean NOT NULL,
    status text NOT NULL,
    attributes jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, user_id)
  )`;

/** Newer by epoch and revision, or another resync of the revision that is known. The order is compared in the same statement. */
const upsert = `
  INSERT INTO feed_users AS known
    (connection_id, user_id, epoch, revision, event_id, present, status, attributes, changed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
  ON CONFLICT (connection_id, user_id) DO UPDATE SET
    epoch = excluded.epoch, revision = excluded.revision, event_id = excluded.event_id, present = excluded.present,
    status = excluded.status, changed_at = excluded.changed_at,
    attributes = excluded.attributes || COALESCE(
      (SELECT jsonb_object_agg(key, value) FROM jsonb_each(known.attributes)
       WHERE key = ANY ($10::text[]) AND NOT excluded.attributes ? key), '{}')
  WHERE (known.epoch, known.revision) < (excluded.epoch, excluded.revision)
    OR ($11::boolean AND (known.epoch, known.revision) = (excluded.epoch, excluded.revision)
        AND known.event_id <> excluded.event_id)
  RETURNING user_id`;

/** Keeps users in PostgreSQL: one statement an event, which changes nothing unless the event is newer. */
export function keepInPostgres(database: Database): (event: UserEvent) => Promise<boolean> {
  return async ({ type, metadata, data }) => {
    const isPresent = type !== 'user.deleted' && data.user.status !== 'deleted';
    const { id: _, status, ...attributes } = data.user;
    const { rows } = await database.query(upsert, [
      metadata.connectionId,
      metadata.userId,
      metadata.epoch,
      metadata.revision,
      metadata.eventId,
      isPresent,
      isPresent ? status : 'deleted',
      JSON.stringify(isPresent ? attributes : {}),
      metadata.occurredAt ?? metadata.observedAt,
      // What is left out because it is too long has not gone: the value before is kept.
      isPresent ? (data.truncated ?? []) : [],
      metadata.origin === 'resync',
    ]);
    return rows.length > 0;
  };
}
