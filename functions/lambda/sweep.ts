import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../../src/config/environment.ts';
import { readLambdaSettings } from '../../src/config/lambda-settings.ts';
import { createVendorAgent } from '../../src/vendors/http/create-vendor-agent.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { newBusClient, newParameterClient, newQueueClient, newSecretsClient, newTableClient } from '../aws-clients.ts';
import { composeSweep } from '../compose-sweep.ts';
import { createFeedLog } from '../feed-log.ts';
import { createFeedMetrics } from '../feed-metrics.ts';

const settings = readLambdaSettings(readEnvironment(), 'sweep');

/**
 * For messages of the sweep queue, one an invocation, with partial batch responses. Needs: GetItem, BatchGetItem, Query,
 * PutItem, UpdateItem, DeleteItem and BatchWriteItem on the table; SendMessage on the sweep queue; DescribeEventBus and
 * PutEvents on every bus; GetParameter and GetSecretValue below the prefix of the secrets, and their keys; DescribeTable
 * on the table and GetParameter on the parameter of the epoch.
 */
export const handler = composeSweep(settings, {
  table: newTableClient(),
  bus: newBusClient(),
  queue: newQueueClient(),
  parameters: newParameterClient(),
  secrets: newSecretsClient(),
  dispatcher: createVendorAgent({ loopback: settings.ALLOW_LOOPBACK_VENDORS, private: settings.ALLOW_PRIVATE_VENDORS }),
  vendors,
  log: createFeedLog(settings.LOG_LEVEL),
  metrics: createFeedMetrics(),
  nowMs: Date.now,
  sleep,
});
