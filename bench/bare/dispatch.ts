import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';

/** What the bundle of the dispatch function is measured against: what it is made from, constructed and no more. */
export const parts = [new DynamoDBClient(), new EventBridgeClient(), new SQSClient(), new SSMClient(), z.object({})];
