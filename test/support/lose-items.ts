import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { ConnectionId } from '../../src/model/ids.ts';
import type { Key } from '../../src/store/keys.ts';
import { createTableClient } from '../../src/store/table-client.ts';

/** What a connection keeps in partitions of its own. */
export type LosablePart = 'entries' | 'index' | 'log';

/** Deletes items of a connection behind the back of every store, as nobody should: all of a part. */
export async function loseItems(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  [id, part]: readonly [id: ConnectionId, part: LosablePart],
): Promise<number> {
  const documents = DynamoDBDocumentClient.from(client);
  const lost: Key[] = [];
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: tableName }))
    for (const { pk, sk } of Items as unknown as readonly Key[])
      if (pk.startsWith(`connection#${id}#${part}`)) lost.push({ pk, sk });
  await createTableClient(documents, tableName, async () => undefined).deleteMany(lost);
  return lost.length;
}
