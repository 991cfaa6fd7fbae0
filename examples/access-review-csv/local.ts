import { readFile } from 'node:fs/promises';
import { createMemoryConsumerTable, createUserEventHandler, readEventLines } from '../../src/consumer/public.ts';
import { type ReviewedUser, reviewedUser } from './reviewed-user.ts';
import { toCsv } from './to-csv.ts';

const [eventFile = 'events.jsonl'] = process.argv.slice(2);
const table = createMemoryConsumerTable();
const handler = createUserEventHandler({ table, applyInSameWrite: reviewedUser });
await handler(readEventLines(await readFile(eventFile, 'utf8')));
process.stdout.write(toCsv(table.rows().map(({ review }) => review as ReviewedUser)));
