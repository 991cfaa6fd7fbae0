import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { ReviewedUser } from './reviewed-user.ts';
import { toCsv } from './to-csv.ts';

const [TableName = ''] = process.argv.slice(2);
const client = DynamoDBDocumentClient.from(new DynamoDBClient());
const users: ReviewedUser[] = [];
for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
  users.push(...Items.flatMap(({ review }) => (review === undefined ? [] : [review as ReviewedUser])));
process.stdout.write(toCsv(users));
