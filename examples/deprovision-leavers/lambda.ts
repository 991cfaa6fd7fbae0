import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createConsumerTable, createUserEventHandler } from '../../src/consumer/public.ts';
import { revokeByWebhook } from './revoke-by-webhook.ts';
import { revokeLeavers } from './revoke-leavers.ts';

const { CONSUMER_TABLE: tableName = '', REVOKE_URL: url = '' } = process.env;

export const handler = createUserEventHandler({
  table: createConsumerTable({ client: new DynamoDBClient(), tableName }),
  apply: revokeLeavers(revokeByWebhook(url)),
});
