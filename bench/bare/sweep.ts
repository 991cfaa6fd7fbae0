import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Agent, request } from 'undici';
import * as z from 'zod/mini';

/** What the bundle of the sweep function is measured against: what it is made from, constructed and no more. */
export const parts = [
  new DynamoDBClient(),
  new EventBridgeClient(),
  new SecretsManagerClient(),
  new SQSClient(),
  new SSMClient(),
  new Agent(),
  request,
  z.object({}),
];
