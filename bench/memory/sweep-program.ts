// One sweep in a process of its own; list and table are elsewhere. Prints what memory it took.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { ChildAsk, ChildMemory } from './child-ask.ts';
import { createSweeping } from './sweeping.ts';
import { watchMemory } from './watch-memory.ts';

const { endpoint, tableName, apiKey, connection } = JSON.parse(process.argv[2] ?? '') as ChildAsk;
const table = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
const sweeping = createSweeping({ table, tableName, apiKey });
const { outcome, ...memory } = await watchMemory(() => sweeping.sweep(connection.id));
if (outcome.kind !== 'swept') throw new Error(`the sweep ended as ${outcome.kind}`);
const { report } = outcome;
const printed: ChildMemory = { ...memory, users: report.counts.seen, changes: report.counts.updated };
console.log(JSON.stringify(printed));
process.exit();
