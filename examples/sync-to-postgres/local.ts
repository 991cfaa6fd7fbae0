import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { createUserEventHandler, readEventLines } from '../../src/consumer/public.ts';
import { createUserTable, keepInPostgres } from './user-table.ts';

const [eventFile = 'events.jsonl', folder] = process.argv.slice(2);
const database = new PGlite(folder);
await database.query(createUserTable);
const handler = createUserEventHandler({ applyIfNewer: keepInPostgres(database) });
await handler(readEventLines(await readFile(eventFile, 'utf8')));

const { rows } = await database.query(
  `SELECT connection_id, status, count(*)::integer AS users FROM feed_users WHERE present GROUP BY 1, 2 ORDER BY 1, 2`,
);
console.table(rows);
await database.close();
