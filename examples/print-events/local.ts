import { createInterface } from 'node:readline';
import { printEvent } from './print-event.ts';

for await (const line of createInterface({ input: process.stdin })) printEvent(line);
