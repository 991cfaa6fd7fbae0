import { PGlite } from '@electric-sql/pglite';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { Traffic } from '../item-traffic.ts';
import { hashOf } from './listed-users.ts';

/** What a store of records does with a list, once. */
export type RecordStore = {
  sync(users: readonly ObservedUser[]): Promise<Traffic>;
  close(): Promise<void>;
};

const recordsPerBatch = 1_000;

/**
 * A cache of records in PostgreSQL, as Nango has it: a row with a hash for each record, its content in a table of its own, an
 * upsert of those whose hash differs, the ids that a sync has seen, and whoever was not among them deleted. It runs in this
 * process, without encryption, locks, partitions and telling anybody.
 *
 * Source: NangoHQ/nango packages/records/lib/models/records.ts@03937fa, `upsert`.
 */
export async function openRecordsCache(): Promise<RecordStore> {
  const db = await PGlite.create();
  await db.exec(`
    CREATE TABLE records (external_id text PRIMARY KEY, data_hash text, generation int, deleted_at timestamptz,
      updated_at timestamptz DEFAULT now());
    CREATE TABLE records_data (external_id text PRIMARY KEY, data jsonb);
    CREATE TABLE records_seen (generation int, ids text[]);`);
  let generation = 0;
  return {
    async sync(users) {
      generation += 1;
      const before = await walBytes(db);
      const changed = await db.transaction(async (tx) => {
        let count = 0;
        for (let from = 0; from < users.length; from += recordsPerBatch) {
          const texts = users.slice(from, from + recordsPerBatch).map((user) => JSON.stringify(user));
          const ids = users.slice(from, from + recordsPerBatch).map(({ id }) => id);
          const { rows } = await tx.query<{ external_id: string }>(upsertHashes, [ids, texts.map(hashOf), generation]);
          const different = new Set(rows.map(({ external_id }) => external_id));
          const contents = texts.filter((_, n) => different.has(String(ids[n])));
          if (different.size > 0) await tx.query(upsertData, [ids.filter((id) => different.has(id)), contents]);
          await tx.query('INSERT INTO records_seen VALUES ($1, $2)', [generation, ids]);
          count += different.size;
        }
        await tx.query(deleteUnseen, [generation]);
        await tx.query('DELETE FROM records_seen WHERE generation < $1', [generation]);
        return count;
      });
      const batches = Math.ceil(users.length / recordsPerBatch);
      return {
        rowsRead: 2 * users.length,
        bytesRead: users.length * bytesPerRecord,
        rowsWritten: 2 * changed + batches,
        bytesWritten: (await walBytes(db)) - before,
      };
    },
    close: () => db.close(),
  };
}

/** Of a row without its content: header, id, hash, generation, instants. */
const bytesPerRecord = 96;

const upsertHashes = `
  WITH incoming AS (SELECT * FROM unnest($1::text[], $2::text[]) AS t(external_id, data_hash))
  INSERT INTO records (external_id, data_hash, generation)
  SELECT incoming.external_id, incoming.data_hash, $3 FROM incoming LEFT JOIN records USING (external_id)
  WHERE records.external_id IS NULL OR records.data_hash <> incoming.data_hash OR records.deleted_at IS NOT NULL
  ON CONFLICT (external_id) DO UPDATE SET data_hash = EXCLUDED.data_hash, generation = EXCLUDED.generation,
    deleted_at = NULL, updated_at = now()
  RETURNING external_id`;
const upsertData = `
  INSERT INTO records_data SELECT id, data::jsonb FROM unnest($1::text[], $2::text[]) AS t(id, data)
  ON CONFLICT (external_id) DO UPDATE SET data = EXCLUDED.data`;
const deleteUnseen = `
  UPDATE records SET deleted_at = now(), updated_at = now() WHERE deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM (SELECT unnest(ids) AS id FROM records_seen WHERE generation = $1) seen
    WHERE seen.id = records.external_id)`;

/** What PostgreSQL has written to its log so far. */
export async function walBytes(db: PGlite): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS bytes`,
  );
  return Number(rows[0]?.bytes);
}
