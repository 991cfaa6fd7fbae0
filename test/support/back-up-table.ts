import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { tableDefinition } from '../../src/store/table.ts';

/** Copies a table, and answers how it is restored from that copy, under its own name: it is another table then. */
export async function backUpTable(client: DynamoDBClient, TableName: string): Promise<() => Promise<void>> {
  const items = await readTable(client, TableName);
  return async () => {
    const waiting = { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists(waiting, { TableName });
    await client.send(new CreateTableCommand(tableDefinition(TableName)));
    await waitUntilTableExists(waiting, { TableName });
    const documents = DynamoDBDocumentClient.from(client);
    for (const Item of items) await documents.send(new PutCommand({ TableName, Item }));
  };
}

/** Every item of a table. */
export async function readTable(
  client: DynamoDBClient,
  TableName: string,
): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client: DynamoDBDocumentClient.from(client) }, { TableName }))
    items.push(...(page.Items ?? []));
  return items;
}
