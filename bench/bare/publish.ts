import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';

/** What the bundle of the publish function is measured against: what it is made from, constructed and no more. */
export const parts = [new DynamoDBClient(), new EventBridgeClient(), z.object({})];
