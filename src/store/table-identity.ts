import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FeedError } from '../model/feed-error.ts';

/**
 * Which table this is: its `TableId`, which every restore changes, also one under the same name. A service that gives
 * none is told by name and time of creation. Source: AWS DynamoDB API reference, TableDescription.
 * @throws store.unavailable; config.invalid where there is no such table
 */
export async function readTableIdentity(client: DynamoDBClient, tableName: string): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName })).catch((cause: unknown) => {
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') throw missing(tableName, cause);
    throw new FeedError('store.unavailable', `the table ${tableName} did not answer`, { item: tableName }, { cause });
  });
  return Table?.TableId ?? `${Table?.TableArn} of ${Table?.CreationDateTime?.toISOString()}`;
}

/** Not an outage: whoever restores a table under its own name has deleted it before. */
function missing(tableName: string, cause: Error): FeedError<'config.invalid'> {
  const message = `there is no table ${tableName}; restore it from a backup under this name, or deploy the stack again`;
  return new FeedError('config.invalid', message, { faults: [{ path: tableName, message }] }, { cause });
}
