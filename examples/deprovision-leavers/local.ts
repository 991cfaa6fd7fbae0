import { readFile } from 'node:fs/promises';
import { createMemoryConsumerTable, createUserEventHandler, readEventLines } from '../../src/consumer/public.ts';
import { revokeByWebhook } from './revoke-by-webhook.ts';
import { type RevokeAccess, revokeLeavers } from './revoke-leavers.ts';

const [eventFile = 'events.jsonl', url] = process.argv.slice(2);
const print: RevokeAccess = async (revocation) => console.log(JSON.stringify(revocation));

const handler = createUserEventHandler({
  table: createMemoryConsumerTable(),
  apply: revokeLeavers(url === undefined ? print : revokeByWebhook(url)),
});
await handler(readEventLines(await readFile(eventFile, 'utf8')));
