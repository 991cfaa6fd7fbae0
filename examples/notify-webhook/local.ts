import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryConsumerTable, createUserEventHandler, readEventLines } from '../../src/consumer/public.ts';
import { notify } from './notify.ts';
import { type PostMessage, postToWebhook } from './post-message.ts';

const [eventFile = 'events.jsonl', url] = process.argv.slice(2);
const print: PostMessage = async (text) => console.log(text);

const handler = createUserEventHandler({
  table: createMemoryConsumerTable(),
  apply: notify(url === undefined ? print : postToWebhook({ url, spacingMs: 1000, nowMs: Date.now, sleep })),
});
await handler(readEventLines(await readFile(eventFile, 'utf8')));
