import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/**
 * How the functions talk to AWS: connections are kept alive (the SDK's default), every wait and the number of tries is
 * bounded, so that a service that hangs costs a try and not the invocation.
 */
const bounded = () => ({
  maxAttempts: 4,
  retryMode: 'standard' as const,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

export const newTableClient = (): DynamoDBClient => new DynamoDBClient(bounded());
export const newBusClient = (): EventBridgeClient => new EventBridgeClient(bounded());
export const newQueueClient = (): SQSClient => new SQSClient(bounded());
export const newParameterClient = (): SSMClient => new SSMClient(bounded());
export const newSecretsClient = (): SecretsManagerClient => new SecretsManagerClient(bounded());
