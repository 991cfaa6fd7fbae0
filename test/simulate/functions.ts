import type { Context, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Dispatcher } from 'undici';
import { composeDispatch } from '../../functions/compose-dispatch.ts';
import { composePublish } from '../../functions/compose-publish.ts';
import { composeSweep } from '../../functions/compose-sweep.ts';
import type { FeedLog } from '../../functions/feed-log.ts';
import { readLambdaSettings } from '../../src/config/lambda-settings.ts';
import { vendors } from '../../src/vendors/registry.ts';
import type { AwsClients } from './aws/aws-stand.ts';
import type { Scheduler } from './scheduler.ts';

export const epochParameter = 'epoch-of-the-feed';
export const tableName = 'feed';

const environment = {
  TABLE_NAME: tableName,
  BUS_NAME: 'users',
  SWEEP_QUEUE_URL: 'https://aws.simulated/000000000000/sweeps',
  SECRETS_PREFIX: 'ucf',
  EPOCH_PARAMETER: epochParameter,
  POWERTOOLS_SERVICE_NAME: 'people',
};

export type FunctionParts = {
  readonly clients: AwsClients;
  readonly dispatcher: Dispatcher;
  readonly scheduler: Scheduler;
  readonly log: FeedLog;
};

/** Makes the deployed functions, each time as after a cold start. */
export function createFunctions({ clients, dispatcher, scheduler, log }: FunctionParts) {
  const parts = {
    ...clients,
    dispatcher,
    vendors,
    log,
    metrics: { record: () => undefined },
    nowMs: scheduler.clockMs,
    sleep: scheduler.sleep,
  };
  return {
    openSweep(): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
      return composeSweep(readLambdaSettings(environment, 'sweep'), parts);
    },
    openPublish(): (
      event: DynamoDBStreamEvent,
    ) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string | null }[] }> {
      return composePublish(readLambdaSettings(environment, 'publish'), parts);
    },
    openDispatch(): () => Promise<void> {
      return composeDispatch(readLambdaSettings(environment, 'dispatch'), parts);
    },
  };
}
