import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../../src/config/environment.ts';
import { readLambdaSettings } from '../../src/config/lambda-settings.ts';
import { newBusClient, newParameterClient, newQueueClient, newTableClient } from '../aws-clients.ts';
import { composeDispatch } from '../compose-dispatch.ts';
import { createFeedLog } from '../feed-log.ts';
import { createFeedMetrics } from '../feed-metrics.ts';

const settings = readLambdaSettings(readEnvironment(), 'dispatch');

/**
 * Once a minute. Needs: Query on the table and both its indexes, BatchGetItem, PutItem, UpdateItem and DeleteItem;
 * SendMessage on the sweep queue; DescribeEventBus and PutEvents on every bus; DescribeTable on the table, GetParameter and
 * PutParameter on the parameter of the epoch.
 */
export const handler = composeDispatch(settings, {
  table: newTableClient(),
  bus: newBusClient(),
  queue: newQueueClient(),
  parameters: newParameterClient(),
  log: createFeedLog(settings.LOG_LEVEL),
  metrics: createFeedMetrics(),
  nowMs: Date.now,
  sleep,
});
