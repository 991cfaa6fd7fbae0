import { PGlite } from '@electric-sql/pglite';
import { type RecordStore, walBytes } from './records-cache.ts';

const recordsPerBatch = 1_000;

/**
 * A full refresh as Singer's targets do it: every row is written anew under the next version, then those of older versions
 * are deleted. Nobody learns what has changed.
 *
 * Source: Singer specification, FULL_TABLE replication with ACTIVATE_VERSION; without it, targets write every row again, too.
 */
export async function openFullRefresh(): Promise<RecordStore> {
  const db = await PGlite.create();
  await db.exec('CREATE TABLE users (id text, version int, data jsonb, PRIMARY KEY (id, version))');
  let version = 0;
  return {
    async sync(users) {
      version += 1;
      const before = await walBytes(db);
      const deleted = await db.transaction(async (tx) => {
        for (let from = 0; from < users.length; from += recordsPerBatch) {
          const part = users.slice(from, from + recordsPerBatch);
          const texts = part.map((user) => JSON.stringify(user));
          await tx.query(insertAll, [part.map(({ id }) => id), texts, version]);
        }
        return (await tx.query('DELETE FROM users WHERE version < $1', [version])).affectedRows ?? 0;
      });
      return {
        rowsRead: deleted,
        bytesRead: 0,
        rowsWritten: users.length + deleted,
        bytesWritten: (await walBytes(db)) - before,
      };
    },
    close: () => db.close(),
  };
}

const insertAll = `INSERT INTO users SELECT id, $3, data::jsonb FROM unnest($1::text[], $2::text[]) AS t(id, data)`;
