import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createConsumerTable, createUserEventHandler } from '../../src/consumer/public.ts';
import { notify } from './notify.ts';
import { postToWebhook } from './post-message.ts';

const { CONSUMER_TABLE: tableName = '', WEBHOOK_URL: url = '' } = process.env;

export const handler = createUserEventHandler({
  table: createConsumerTable({ client: new DynamoDBClient(), tableName }),
  apply: notify(postToWebhook({ url, spacingMs: 1000, nowMs: Date.now, sleep })),
});
