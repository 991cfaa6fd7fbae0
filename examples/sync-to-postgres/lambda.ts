import { Pool } from 'pg';
import { createUserEventHandler } from '../../src/consumer/public.ts';
import { createUserTable, keepInPostgres } from './user-table.ts';

const { DATABASE_URL: connectionString = '' } = process.env;
const pool = new Pool({ connectionString, max: 1 });
await pool.query(createUserTable);

export const handler = createUserEventHandler({ applyIfNewer: keepInPostgres(pool) });
