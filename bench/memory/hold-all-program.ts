// Reads the same list with the same code, and keeps every user. Prints what memory it took.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { Cursor, UserId } from '../../src/model/ids.ts';
import type { ChildAsk, ChildMemory } from './child-ask.ts';
import { createSweeping } from './sweeping.ts';
import { watchMemory } from './watch-memory.ts';

const { endpoint, tableName, apiKey, connection } = JSON.parse(process.argv[2] ?? '') as ChildAsk;
const table = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
const list = createSweeping({ table, tableName, apiKey }).openList(connection);
const everybody = new Map<UserId, ObservedUser>();
const { outcome: users, ...memory } = await watchMemory(async () => {
  let cursor: Cursor | null | undefined;
  while (cursor !== null) {
    const page = await list.fetchPage({ cursor });
    for (const user of page.users) everybody.set(user.id, user);
    cursor = page.next;
  }
  return everybody.size;
});
const printed: ChildMemory = { ...memory, users, changes: 0 };
console.log(JSON.stringify(printed));
process.exit();
