import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../../src/config/environment.ts';
import { readLambdaSettings } from '../../src/config/lambda-settings.ts';
import { newBusClient, newTableClient } from '../aws-clients.ts';
import { composePublish } from '../compose-publish.ts';
import { createFeedLog } from '../feed-log.ts';
import { createFeedMetrics } from '../feed-metrics.ts';

const settings = readLambdaSettings(readEnvironment(), 'publish');

/**
 * For batches of the table's stream (INSERT of items whose sort key begins with `log#`), with partial batch responses.
 * Needs: GetItem, Query and PutItem on the table; DescribeEventBus and PutEvents on every bus.
 */
export const handler = composePublish(settings, {
  table: newTableClient(),
  bus: newBusClient(),
  log: createFeedLog(settings.LOG_LEVEL),
  metrics: createFeedMetrics(),
  nowMs: Date.now,
  sleep,
});
