import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createConsumerTable, createUserEventHandler } from '../../src/consumer/public.ts';
import { reviewedUser } from './reviewed-user.ts';

const { CONSUMER_TABLE: tableName = '' } = process.env;

export const handler = createUserEventHandler({
  table: createConsumerTable({ client: new DynamoDBClient(), tableName }),
  applyInSameWrite: reviewedUser,
});
